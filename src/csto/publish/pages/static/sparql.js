// SPARQL in the browser: the graph in Oxigraph, in a worker that can be ended. No server, no other host.
"use strict";
(async () => {
  const { el, taken } = csto;
  const box = document.getElementById("sparql");
  if (!box) return;
  const run = document.getElementById("run"), stop = document.getElementById("stop"), on = document.getElementById("on");
  const example = document.getElementById("example"), status = document.getElementById("status"), table = document.getElementById("rows");
  const picture = document.getElementById("picture"), save = document.getElementById("save"), note = document.getElementById("note");
  const plain = document.getElementById("query");
  const { about, terms, examples, pictures } = await csto.rows(taken.ask);
  const prefixes = about.prefixes;
  let editor, worker = null, count = 0, last = null, timer = 0;
  const waiting = new Map();
  const say = (text) => { status.textContent = text; };

  const send = (job, given) => new Promise((done, failed) => {
    const number = ++count;
    waiting.set(number, [done, failed]);
    worker.postMessage({ number, job, ...given });
  });
  const start = async () => {
    if (worker) return;
    say("Loading the graph …");
    const began = performance.now();
    await Promise.all([csto.load("static/engine.js"), csto.load("data/graph.js")]);
    const url = URL.createObjectURL(new Blob([taken.engine.worker], { type: "text/javascript" }));
    worker = new Worker(url);
    URL.revokeObjectURL(url);
    worker.onmessage = ({ data }) => {
      const [done, failed] = waiting.get(data.number) || [];
      waiting.delete(data.number);
      if (data.failed) failed?.(new Error(data.failed)); else done?.(data.done);
    };
    worker.onerror = (event) => { for (const [, failed] of waiting.values()) failed(new Error(event.message)); waiting.clear(); };
    const { size } = await send("start", { engine: taken.engine.wasm, graph: taken.graph.trig, dated: taken.graph.dated, about });
    say(`${size.toLocaleString("en")} statements are ready after ${((performance.now() - began) / 1000).toFixed(1)} s.`);
  };
  const end = (why) => {
    worker?.terminate(); worker = null; clearInterval(timer);
    for (const [, failed] of waiting.values()) failed(new Error(why));
    waiting.clear();
  };
  // Prefixes that the query does not declare itself go before it, on one line: its own lines keep their numbers.
  const whole = (query) => {
    const bare = query.replace(/#[^\n]*|"(?:[^"\\]|\\.)*"|<[^>\s]*>/g, "");
    return Object.entries(prefixes).filter(([name]) => new RegExp(`(^|[^\\w:-])${name}:`).test(bare) && !new RegExp(`prefix\\s+${name}:`, "i").test(bare))
      .map(([name, iri]) => `PREFIX ${name}: <${iri}> `).join("") + query;
  };
  const short = (iri) => {
    let best = "";
    for (const [name, space] of Object.entries(prefixes)) if (iri.startsWith(space) && space.length > (prefixes[best] || "").length) best = name;
    return best ? `${best}:${iri.slice(prefixes[best].length)}` : iri;
  };
  const href = (iri) => {
    for (const [space, path] of about.spaces) {
      if (!iri.startsWith(space)) continue;
      const [bare, mark] = (path + iri.slice(space.length)).split("#");
      return about.pages[bare] !== undefined ? `${bare}.html${mark ? "#" + mark : ""}` : "";
    }
    return /^https?:/.test(iri) ? iri : "";
  };
  const value = (cell) => cell === null ? "" : cell.i !== undefined ? cell.i : cell.v;
  const shown = (cell) => {
    if (cell === null) return document.createTextNode("");
    if (cell.i === undefined) return cell.l && cell.l !== "en" ? el("span", { lang: cell.l }, cell.v) : document.createTextNode(cell.v);
    const to = href(cell.i), text = short(cell.i);
    return to ? el("a", { href: /^https?:/.test(to) ? to : csto.root + to, title: cell.i }, text) : document.createTextNode(text);
  };
  // The number of a step follows from its triple: BLAKE2b of its text, five bytes.
  const stepKey = (triple) => {
    const all = (1n << 64n) - 1n, bytes = new TextEncoder().encode(triple.map((iri) => `<${iri}>`).join(" "));
    const start = ["6a09e667f3bcc908", "bb67ae8584caa73b", "3c6ef372fe94f82b", "a54ff53a5f1d36f1", "510e527fade682d1", "9b05688c2b3e6c1f", "1f83d9abfb41bd6b", "5be0cd19137e2179"].map((hex) => BigInt("0x" + hex));
    const orders = ["0123456789abcdef", "ea489fd61c02b753", "b8c052fdae367194", "7931dcbe265a40f8", "905724afe1bc683d", "2c6a0b834d75fe19", "c51fed4a0763928b", "db7ec13950f4862a", "6fe9b308c2d714a5", "a2847615fb9e3cd0"].map((row) => [...row].map((c) => parseInt(c, 16)));
    const turn = (x, n) => ((x >> n) | (x << (64n - n))) & all;
    const state = [...start];
    state[0] ^= 0x01010000n ^ 5n;
    const blocks = Math.max(1, Math.ceil(bytes.length / 128));
    for (let block = 0; block < blocks; block += 1) {
      const last = block === blocks - 1, words = new BigUint64Array(16);
      new Uint8Array(words.buffer).set(bytes.slice(128 * block, 128 * block + 128));
      const v = [...state, ...start];
      v[12] ^= BigInt(last ? bytes.length : 128 * (block + 1));
      if (last) v[14] ^= all;
      const mix = (a, b, c, d, x, y) => {
        v[a] = (v[a] + v[b] + x) & all; v[d] = turn(v[d] ^ v[a], 32n); v[c] = (v[c] + v[d]) & all; v[b] = turn(v[b] ^ v[c], 24n);
        v[a] = (v[a] + v[b] + y) & all; v[d] = turn(v[d] ^ v[a], 16n); v[c] = (v[c] + v[d]) & all; v[b] = turn(v[b] ^ v[c], 63n);
      };
      for (let round = 0; round < 12; round += 1) {
        const o = orders[round % 10].map((n) => words[n]);
        for (let n = 0; n < 4; n += 1) mix(n, n + 4, n + 8, n + 12, o[2 * n], o[2 * n + 1]);
        for (let n = 0; n < 4; n += 1) mix(n, 4 + (n + 1) % 4, 8 + (n + 2) % 4, 12 + (n + 3) % 4, o[8 + 2 * n], o[9 + 2 * n]);
      }
      for (let n = 0; n < 8; n += 1) state[n] ^= v[n] ^ v[n + 8];
    }
    return Array.from({ length: 5 }, (_, n) => Number((state[0] >> BigInt(8 * n)) & 255n).toString(16).padStart(2, "0")).join("");
  };
  // What joins the things of a row, as far as its proof travels with the site.
  const reasons = async (row, button) => {
    const place = button.parentElement, iris = [...new Set(row.filter((cell) => cell?.i !== undefined).map((cell) => cell.i))];
    button.disabled = true;
    try {
      const triples = await send("between", { iris });
      const keys = [];
      for (const triple of triples) { const key = stepKey(triple); if (await csto.shipped(key)) keys.push([key, triple]); }
      const words = keys.length ? keys.map(([key, [s, p, o]]) => el("li", {}, el("button", { type: "button", class: "why step", "data-step": key }, [s, p, o].map(short).join(" "))))
        : [el("li", {}, "No proof of what joins these things travels with the site; csto explain shows it.")];
      button.replaceWith(el("ul", { class: "lines" }, ...words));
    } catch (error) { button.disabled = false; place.append(el("span", { class: "reason" }, error.message)); }
  };
  const reason = (row) => {
    const cell = el("td");
    if (row.filter((one) => one?.i !== undefined).length < 2) return cell;
    const button = el("button", { type: "button", class: "because", "aria-label": `why: ${row.filter((one) => one?.i !== undefined).map((one) => short(one.i)).join(", ")}` }, "why");
    button.addEventListener("click", () => reasons(row, button));
    cell.append(button);
    return cell;
  };
  const SHOWN = 1000;
  const draw = (found) => {
    last = found;
    save.hidden = !found.rows?.length;
    picture.hidden = true;
    if (found.kind === "boolean") { table.replaceChildren(el("p", { class: "answer" }, el("strong", {}, found.value ? "yes" : "no"))); return; }
    const joined = found.rows.some((row) => row.filter((cell) => cell?.i !== undefined).length > 1);
    const head = el("tr", {}, ...found.names.map((name) => el("th", { scope: "col" }, name.replaceAll("_", " "))), joined ? el("th", { scope: "col" }, "why") : "");
    const body = el("tbody", {}, ...found.rows.slice(0, SHOWN).map((row) => el("tr", {}, ...row.map((cell) => el("td", {}, shown(cell))), joined ? reason(row) : "")));
    const made = found.rows.length ? el("table", { class: "rows" }, el("thead", {}, head), body) : el("p", {}, "No row; silence is not a “no”.");
    table.replaceChildren(made);
    return csto.picture(picture, { found, pictures, value, short, text: text(), question: example.value, cutOff: about.cutOff, day: on.value });
  };
  const csv = ({ names, rows }) => [names, ...rows.map((row) => row.map(value))].map((row) => row.map((text) => /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text).join(",")).join("\r\n");
  const text = () => editor ? editor.text : plain.value;
  const ask = async () => {
    note.textContent = ""; run.disabled = true; stop.hidden = false;
    try {
      await start();
      const began = performance.now();
      timer = setInterval(() => say(`Asking … ${((performance.now() - began) / 1000).toFixed(0)} s`), 1000);
      const found = await send("ask", { query: whole(text()), day: on.value || about.cutOff });
      const size = found.rows?.length ?? 1;
      await draw(found);
      say(`${size} ${size === 1 ? "row" : "rows"} as of ${on.value} in ${Math.max(1, Math.round(found.ms))} ms${size > SHOWN ? `, of which ${SHOWN} are shown` : ""}`);
    } catch (error) {
      say("");
      const at = /error at (\d+):(\d+)/.exec(error.message);
      const words = at ? `The query cannot be read at line ${at[1]}, column ${at[2]}: ${error.message.replace(/^.*?error at \d+:\d+:\s*/s, "")}` : error.message;
      note.textContent = words;
      if (at) editor?.mark(+at[1], +at[2], words);
    } finally { run.disabled = false; stop.hidden = true; clearInterval(timer); }
  };
  run.addEventListener("click", ask);
  stop.addEventListener("click", () => end("The query was stopped. The graph is loaded anew for the next one."));
  save.addEventListener("click", () => {
    const link = el("a", { href: URL.createObjectURL(new Blob([csv(last)], { type: "text/csv" })), download: "answer.csv" });
    link.click(); URL.revokeObjectURL(link.href);
  });
  examples.forEach(([name, summary]) => example.append(el("option", { value: name }, summary)));
  const take = (name) => {
    const found = examples.find((entry) => entry[0] === name);
    if (!found) return;
    if (editor) editor.text = found[2]; else plain.value = found[2];
    if (found[3]) on.value = found[3];
    example.value = name;
  };
  example.addEventListener("change", () => take(example.value));
  on.value = about.cutOff;
  if (csto.editor) {
    plain.hidden = true; document.getElementById("plain-label").hidden = true;
    editor = csto.editor(document.getElementById("editor"), { text: plain.value, terms, run: ask, label: "Query in SPARQL" });
    csto.theEditor = editor;
  }
  take(decodeURIComponent(location.hash.slice(1)));
  window.addEventListener("hashchange", () => take(decodeURIComponent(location.hash.slice(1))));
  box.hidden = false;
})();
