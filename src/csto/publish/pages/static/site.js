// What all pages share: search over names and words, and proofs that unfold. Works from a folder:
// data come as classic scripts, since a browser refuses to fetch from file:.
"use strict";
const csto = window.csto = (() => {
  const me = document.currentScript;
  const root = me.dataset.root || "";
  const live = Boolean(me.dataset.live);
  const taken = {};
  const loading = {};
  const load = (file) => loading[file] ??= new Promise((done, fail) => {
    const tag = document.createElement("script");
    tag.src = root + file;
    tag.onload = () => done(taken);
    tag.onerror = () => { delete loading[file]; fail(new Error(file)); };
    document.head.append(tag);
  });
  const take = (name, data) => {
    taken[name] = taken[name] && !Array.isArray(data) ? Object.assign(taken[name], data) : data;
  };
  const el = (name, attributes = {}, ...inside) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (value !== undefined && value !== false && value !== "") made.setAttribute(key, value === true ? "" : value);
    }
    made.append(...inside);
    return made;
  };
  // What is large travels packed: gzip in base64.
  const unpack = async (text) => {
    const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
  };
  return { root, live, load, take, taken, el, unpack };
})();

// --- search -------------------------------------------------------------------
(() => {
  const input = document.getElementById("find");
  if (!input || csto.live) return;
  const { el } = csto;
  let entries = null;
  const fold = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  const ready = async () => {
    if (entries) return;
    const { search } = await csto.load("data/search.js");
    // An entry: path, label, kind, other words.
    entries = search.map((entry) => ({ entry, label: fold(entry[1]), text: fold(entry.slice(1).join(" ")) }));
  };
  csto.find = async (asked, most) => {
    await ready();
    const words = fold(asked).split(/\s+/).filter(Boolean);
    if (!words.length) return [];
    const found = [];
    for (const one of entries) {
      if (!words.every((word) => one.text.includes(word))) continue;
      const all = words.join(" ");
      // A name that is asked for comes before one that begins so, and that before words in a sentence.
      let rank = one.label === all || one.entry[3]?.toLowerCase().split("; ").includes(all) ? 0 : one.label.startsWith(all) ? 1
        : words.every((word) => one.label.includes(word)) ? 2 : 3;
      found.push([rank, one.entry[4] ?? 9, one.label.length, one.entry]);
    }
    found.sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]);
    const shown = found.slice(0, most).map((row) => row[3]);
    shown.count = found.length;
    return shown;
  };
  csto.item = (entry) => el("a", { href: csto.root + entry[0] }, entry[1], el("span", { class: "kind" }, " " + entry[2]));

  const list = el("ul", { id: "found", class: "found", hidden: true, "aria-label": "Found" });
  const status = el("span", { class: "hidden", role: "status" });
  input.form.append(list, status);
  const show = async () => {
    const asked = input.value.trim();
    if (!asked) { list.hidden = true; status.textContent = ""; return; }
    const found = await csto.find(asked, 12);
    if (asked !== input.value.trim()) return;
    list.replaceChildren(...found.map((entry) => el("li", {}, csto.item(entry))));
    if (found.count > found.length) {
      list.append(el("li", {}, el("a", { href: csto.root + "search.html?text=" + encodeURIComponent(asked) }, `all ${found.count}`)));
    }
    list.hidden = !found.length;
    status.textContent = `${found.count} found`;
  };
  input.addEventListener("focus", ready);
  input.addEventListener("input", show);
  input.form.addEventListener("keydown", (event) => {
    const links = [...list.querySelectorAll("a")];
    const at = links.indexOf(document.activeElement);
    if (event.key === "Escape") { list.hidden = true; input.focus(); }
    if (event.key === "ArrowDown" && links.length) { event.preventDefault(); links[(at + 1) % links.length].focus(); }
    if (event.key === "ArrowUp" && at >= 0) { event.preventDefault(); at ? links[at - 1].focus() : input.focus(); }
  });
  document.addEventListener("click", (event) => { if (!input.form.contains(event.target)) list.hidden = true; });

  const results = document.getElementById("results");
  if (results) {
    const asked = new URLSearchParams(location.search).get("text") || "";
    input.value = asked;
    csto.find(asked, 500).then((found) => {
      document.getElementById("results-count").textContent = asked
        ? `${found.count || 0} found for “${asked}”${found.count > 500 ? ", of which 500 are shown" : ""}` : "Type words into the field above.";
      results.replaceChildren(...found.map((entry) => el("li", {}, csto.item(entry), entry[3] ? el("span", { class: "note" }, " " + entry[3].slice(0, 240)) : "")));
    });
  }
})();

// --- why ----------------------------------------------------------------------
(() => {
  if (csto.live) return;
  const { el } = csto;
  const link = (text, href) => href ? el("a", { href: csto.root + href }, text) : document.createTextNode(text);
  const shards = {};
  const shard = async (name) => {
    const taken = await csto.load(`data/proofs/${name}.js`);
    return JSON.parse(new TextDecoder().decode(await csto.unpack(taken[`steps:${name}`])));
  };
  const step = async (key) => {
    const name = key.slice(0, 2);
    const [{ rules }, steps] = await Promise.all([csto.load("data/proofs/rules.js"), shards[name] ??= shard(name)]);
    const [kind, said, rule, premises = [], cited = [], claimant] = steps[key] || ["unknown", "this step is not shipped; csto explain shows it"];
    const line = el("span", { class: kind }, el("span", { class: "mark" }, kind), " ");
    if (Array.isArray(said)) {
      line.append(link(said[0], said[3]), " ", el("span", { class: "property" }, said[1]), " ", link(said[2], said[4]));
    } else line.append(said);
    if (claimant) line.append(el("span", { class: "who" }, ` (${claimant})`));
    if (cited.length) {
      const places = el("span", { class: "passages" });
      cited.forEach(([text, path], n) => places.append(n ? "; " : "", link(text, path)));
      line.append(places);
    }
    if (rule) line.append(el("span", { class: "reason" }, el("code", {}, rule), ": ", rules[rule] || ""));
    return [line, premises];
  };
  const unfold = async (key, seen, depth) => {
    const [line, premises] = await step(key);
    const item = el("li", {}, line);
    if (!premises.length) return item;
    if (seen.has(key)) { item.append(el("span", { class: "reason" }, "proved above")); return item; }
    seen.add(key);
    const rest = el("ul");
    const more = el("details", { open: depth < 2 }, el("summary", {}, `because of ${premises.length}`), rest);
    const fill = async () => { if (!rest.childElementCount) for (const one of premises) rest.append(await unfold(one, seen, depth + 1)); };
    item.append(more);
    if (depth < 2) await fill(); else more.addEventListener("toggle", fill, { once: true });
    return item;
  };
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button.why");
    if (!button) return;
    const place = button.closest("dd, li, td") || button.parentElement;
    const old = place.querySelector(`ul.proof[data-of="${button.dataset.step}"]`);
    if (old) { old.remove(); button.setAttribute("aria-expanded", "false"); return; }
    const list = el("ul", { class: "proof", "data-of": button.dataset.step, "aria-label": "Proof" });
    place.append(list);
    button.setAttribute("aria-expanded", "true");
    try { list.append(await unfold(button.dataset.step, new Set(), 0)); }
    catch (error) { list.append(el("li", {}, `The proof could not be loaded (${error.message}).`)); }
  });
})();
