// What all pages share: search over names and words, and proofs that unfold. Works from a folder:
// data come as classic scripts, since a browser refuses to fetch from file:.
"use strict";
const csto = window.csto = (() => {
  const me = document.currentScript;
  const root = me.getAttribute("src").replace(/static\/site\.js.*$/, "");
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
  const rows = async (text) => JSON.parse(new TextDecoder().decode(await unpack(text)));
  return { root, live, load, take, taken, el, unpack, rows };
})();

// --- search -------------------------------------------------------------------
(() => {
  const place = document.querySelector("div.find");
  if (!place || csto.live) return;
  const { el } = csto;
  const name = document.querySelector(".top .name").textContent;
  const input = el("input", { id: "find", name: "text", type: "search", autocomplete: "off", placeholder: `Find in ${name} …`, required: true });
  place.replaceWith(el("form", { class: "find", action: csto.root + "search.html", role: "search" },
    el("label", { class: "hidden", for: "find" }, "Find a thing by name"), input, el("button", {}, "Find")));
  let entries = null;
  const fold = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  const ready = async () => {
    if (entries) return;
    const { search } = await csto.load("data/search.js");
    // An entry: path, label, kind, other words.
    entries = (await csto.rows(search)).map((entry) => ({ entry, label: fold(entry[1]), text: fold(entry.slice(1).join(" ")) }));
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
  const shards = {};
  const shard = async (name) => csto.rows((await csto.load(`data/proofs/${name}.js`))[`steps:${name}`]);
  // What steps share is kept once: names with their pages, kinds, and rules with their reasons.
  let shared;
  const step = async (key) => {
    const name = key.slice(0, 2);
    shared ??= csto.load("data/proofs/shared.js").then((taken) => csto.rows(taken.shared));
    const [{ names, kinds, rules }, steps] = await Promise.all([shared, shards[name] ??= shard(name)]);
    const link = (n) => names[n][1] ? el("a", { href: csto.root + names[n][1] }, names[n][0]) : document.createTextNode(names[n][0]);
    // A step is known by as many of its digits as tell it from the others.
    let digits = 7;
    while (digits < key.length && !steps[key.slice(2, digits)]) digits += 1;
    const found = steps[key.slice(2, digits)];
    if (!found) return [el("span", { class: "unknown" }, "this step is not shipped; csto explain shows it"), []];
    const [kind, said, rule = -1, premises = "", cited = [], claimant] = found;
    const line = el("span", { class: kinds[kind] }, el("span", { class: "mark" }, kinds[kind]), " ");
    if (Array.isArray(said)) line.append(link(said[0]), " ", el("span", { class: "property" }, names[said[1]][0]), " ", link(said[2]));
    else line.append(said);
    if (claimant) line.append(el("span", { class: "who" }, ` (${claimant})`));
    if (cited.length) {
      const places = el("span", { class: "passages" });
      cited.forEach((n, at) => places.append(at ? "; " : "", link(n)));
      line.append(places);
    }
    if (rule >= 0) line.append(el("span", { class: "reason" }, el("code", {}, rules[rule][0]), ": ", rules[rule][1]));
    return [line, premises ? premises.split(" ") : []];
  };
  // Whether the step of a number travels with the site.
  csto.shipped = async (key) => {
    try {
      const steps = await (shards[key.slice(0, 2)] ??= shard(key.slice(0, 2)));
      for (let digits = 7; digits <= key.length; digits += 1) if (steps[key.slice(2, digits)]) return true;
    } catch { /* No step of the site has a number that begins so. */ }
    return false;
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
  // A button says what it is about to whoever does not see what stands before it.
  for (const button of document.querySelectorAll("button.why:not(.step)")) {
    let before = button.previousSibling;
    while (before && (!before.textContent.trim() || before.matches?.(".out"))) before = before.previousSibling;
    if (before) button.setAttribute("aria-label", `why: ${before.textContent.replace(/^[\s,;]+/, "").trim()}`);
  }
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
