// The atlas: who stood how in an organization on a day, as a map, in words, and as bands over time.
"use strict";
(() => {
  const { el } = csto;
  const box = document.getElementById("atlas");
  if (!box || !csto.taken.atlas) return;
  const { first, last, orgs, states, spells, statuses, central, changes } = csto.taken.atlas;
  const DAY = 86400000;
  // Days are numbers from 1 January 1970 in UTC; a time zone never shifts them.
  const number = (text) => Date.UTC(+text.slice(0, 4), text.slice(5, 7) - 1, +text.slice(8, 10)) / DAY;
  const written = (n) => new Date(n * DAY).toISOString().slice(0, 10);
  const months = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
  const said = (text) => `${+text.slice(8, 10)} ${months[text.slice(5, 7) - 1]} ${text.slice(0, 4)}`;
  // The years that are shown begin where something is told of the chosen organization.
  let low = number(first);
  const high = number(last);
  const slider = document.getElementById("day"), exact = document.getElementById("exact");
  const choice = document.getElementById("org"), spoken = document.getElementById("spoken");
  const words = document.getElementById("standing"), bands = document.getElementById("bands");
  const map = document.getElementById("map");
  slider.max = high; exact.max = last;
  orgs.forEach(([label], n) => choice.append(el("option", { value: String(n) }, label)));
  const given = new URLSearchParams(location.hash.slice(1));
  const asked = orgs.findIndex(([, key]) => key === given.get("org"));
  choice.value = String(asked >= 0 ? asked : central);
  let wanted = given.get("on") && /^\d{4}-\d\d-\d\d$/.test(given.get("on")) ? number(given.get("on")) : high;

  const drawn = csto.map(map, "Map of the states and their standing on the day; the words below say the same");
  const shapes = drawn ? drawn.shapes : {};
  map.hidden = !drawn;

  // A spell: state, organization, status, 1 if certain, first and last day (numbers, both included).
  const rows = spells.map(([s, o, status, sure, from, to]) => [s, o, status, sure, from ? number(from) : low, to ? number(to) : high]);
  const of = (org) => rows.filter((row) => row[1] === org);
  const range = (org) => {
    const begun = Math.min(high, ...of(org).map((row) => row[4]));
    low = number(`${+written(begun).slice(0, 4) - 1}-01-01`);
    slider.min = low; exact.min = written(low);
    slider.value = Math.max(low, wanted);
  };
  const standing = (org, day) => {
    const found = new Map();
    for (const [s, , status, sure, from, to] of of(org)) {
      if (from > day || day > to) continue;
      const old = found.get(s);
      if (!old) found.set(s, { sure, list: [status] });
      else if (sure > old.sure) found.set(s, { sure, list: [status] });
      else if (sure === old.sure && !old.list.includes(status)) old.list.push(status);
    }
    return found;
  };
  const frame = (org) => drawn && drawn.frame([...new Set(of(org).map((row) => states[row[0]][1]))], 1 / 3);
  const at = (n) => `${(100 * (n - low) / (high - low)).toFixed(2)}%`;
  const svgEl = (name, attributes) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };
  // The colour of a status is the ontology's, the same in every picture.
  const coloured = (node, status) => { if (statuses[status][1]) node.style.setProperty("--s0", statuses[status][1]); return node; };
  const drawBands = (org) => {
    const by = new Map();
    for (const row of of(org)) { if (!by.has(row[0])) by.set(row[0], []); by.get(row[0]).push(row); }
    const ordered = [...by].sort((a, b) => Math.min(...a[1].map((r) => r[4])) - Math.min(...b[1].map((r) => r[4])) || states[a[0]][0].localeCompare(states[b[0]][0]));
    const axis = svgEl("svg", { class: "years", "aria-hidden": "true" });
    const from = +written(low).slice(0, 4), to = +last.slice(0, 4), step = to - from > 60 ? 20 : to - from > 30 ? 10 : 5;
    for (let year = Math.ceil(from / step) * step; year < to; year += step) {
      const x = at(number(`${year}-01-01`));
      axis.append(svgEl("line", { x1: x, x2: x, y1: 0, y2: 4 }));
      const label = svgEl("text", { x, y: 15 }); label.textContent = year; axis.append(label);
    }
    bands.replaceChildren(el("li", { class: "axis", "aria-hidden": "true" }, el("span", { class: "what" }), axis));
    for (const [s, list] of ordered) {
      const svg = svgEl("svg", { class: "bars", "aria-hidden": "true" });
      list.sort((a, b) => a[3] - b[3]);
      for (const [, , status, sure, a, b] of list) {
        const covered = !sure && list.some((r) => r[3] && r[2] === status && r[4] <= a && r[5] >= b);
        if (!covered) svg.append(coloured(svgEl("rect", { class: sure ? "certain" : "possible", x: at(a), width: `${Math.max(0.3, 100 * (b + 1 - a) / (high - low)).toFixed(2)}%`, y: 2, height: 10 }), status));
      }
      svg.append(svgEl("line", { class: "now", y1: 0, y2: 14, x1: 0, x2: 0 }));
      bands.append(el("li", {}, el("span", { class: "what" }, el("a", { href: states[s][2] }, states[s][0])), svg));
    }
  };
  const show = () => {
    const org = +choice.value, day = +slider.value, text = written(day);
    wanted = day;
    exact.value = text;
    const found = standing(org, day);
    for (const path of Object.values(shapes)) { path.setAttribute("class", "land"); path.style.removeProperty("--s0"); }
    const groups = new Map();
    for (const [s, { sure, list }] of [...found].sort((a, b) => states[a[0]][0].localeCompare(states[b[0]][0]))) {
      const shape = shapes[states[s][1]];
      const several = list.length > 1;
      if (shape) { shape.setAttribute("class", `land ${sure ? "certain" : "possible"}`); coloured(shape, list[0]); if (several) drawn.striped(shape, list.map((n) => statuses[n][1] || "currentColor")); }
      const name = `${sure ? "" : "possibly "}${list.map((n) => statuses[n][0]).join(" or ")}`;
      if (!groups.has(name)) groups.set(name, [sure, list, []]);
      groups.get(name)[2].push(s);
    }
    words.replaceChildren();
    for (const [name, [sure, held, list]] of groups) {
      const key = coloured(el("span", { class: `key ${sure ? "certain" : "possible"}${held.length > 1 ? " rival" : ""}` }), held[0]);
      if (held.length > 1) key.style.setProperty("--s1", statuses[held[1]][1] || "var(--faint)");
      const line = el("dd");
      list.forEach((s, n) => line.append(n ? ", " : "", el("a", { href: states[s][2] }, states[s][0])));
      words.append(el("dt", {}, key, " " + name), line);
    }
    if (!groups.size) words.append(el("dt", {}, "nobody"), el("dd", {}, "as far as the graph says"));
    spoken.textContent = `${orgs[org][0]}, ${said(text)}`;
    slider.setAttribute("aria-valuetext", said(text));
    for (const line of bands.querySelectorAll("line.now")) { line.setAttribute("x1", at(day)); line.setAttribute("x2", at(day)); }
    const mark = `#org=${encodeURIComponent(orgs[org][1])}&on=${text}`;
    history.replaceState(null, "", mark);
  };
  const jump = (way) => {
    const org = +choice.value, day = +slider.value;
    const days = of(org).flatMap((row) => [row[4], row[5] + 1]).filter((n) => n > low && n <= high);
    const next = way > 0 ? Math.min(...days.filter((n) => n > day)) : Math.max(...days.filter((n) => n < day));
    if (Number.isFinite(next)) { slider.value = next; show(); }
  };
  document.getElementById("before").addEventListener("click", () => jump(-1));
  document.getElementById("after").addEventListener("click", () => jump(1));
  slider.addEventListener("input", show);
  exact.addEventListener("change", () => { if (exact.value) { slider.value = number(exact.value); show(); } });
  choice.addEventListener("change", () => { range(+choice.value); drawBands(+choice.value); frame(+choice.value); show(); });
  box.hidden = false;
  range(+choice.value);
  drawBands(+choice.value);
  frame(+choice.value);
  show();
})();
