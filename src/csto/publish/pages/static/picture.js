// The picture of an answer: specs are compiled where the site is made, and get their rows here.
"use strict";
csto.picture = (() => {
  const { el } = csto;
  const NEEDS = "No picture: it needs a column of numbers (bars), of days (a timeline; an end beside them makes bars), or of years beside numbers (lines). " +
    "Lines before the query say more, such as #+ view: matrix and #+ channels: {row: state, column: body}.";
  // The first and the last day of a year, a month or a day; what is less precise has no place on an axis.
  const days = (text) => {
    const found = /^(\d{4})(?:-(\d\d))?(?:-(\d\d))?$/.exec(text);
    if (!found) return ["", ""];
    const [, year, month, day] = found;
    const last = day || String(new Date(Date.UTC(+year, month ? +month : 12, 0)).getUTCDate());
    return [`${year}-${month || "01"}-${day || "01"}`, `${year}-${month || "12"}-${last}`];
  };
  // A view that the query itself names, as saved questions do.
  const named = (text) => {
    const kind = /^#\+\s*view:\s*(\w+)\s*$/m.exec(text)?.[1];
    if (!kind) return null;
    const channels = {};
    const listed = /^#\+\s*channels:\s*\{(.*)\}\s*$/m.exec(text)?.[1] || "";
    for (const part of listed.split(",").filter((one) => one.trim())) {
      const pair = /^\s*(\w+)\s*:\s*(\w+)\s*$/.exec(part);
      if (!pair) throw new Error(`A channel here is the name of a column: {row: label, number: count}, not ${part.trim()}.`);
      channels[pair[1]] = pair[2];
    }
    return [kind, channels];
  };
  // What the cells of a column are, all of them.
  const sorts = ({ names, rows }, value) => names.map((name, n) => {
    const cells = rows.map((row) => row[n]).filter((cell) => cell !== null && value(cell) !== "");
    const every = (test) => cells.length > 0 && cells.every(test);
    if (every((cell) => cell.i !== undefined)) return [name, "thing"];
    if (every((cell) => /#(integer|decimal|double|float|int|long|nonNegativeInteger)$/.test(cell.d || ""))) return [name, "number"];
    if (every((cell) => /^\d{4}(-\d\d){0,2}$/.test(value(cell)) && !cell.l)) return [name, "day"];
    return [name, name === "certainty" ? name : "text"];
  });
  // A view for a query that names none: what its columns are fit for.
  const guessed = (found, value) => {
    const of = sorts(found, value), all = (sort) => of.filter((one) => one[1] === sort).map((one) => one[0]);
    const texts = all("text"), things = all("thing"), numbers = all("number"), dates = all("day");
    const pick = (list, ...wanted) => wanted.find((name) => list.includes(name)) ?? list[0];
    const row = pick(texts, "label") ?? things[0];
    const sure = all("certainty").length ? { certainty: "certainty" } : {};
    const years = pick([...numbers, ...dates].filter((name) => name === "year"));
    const numbered = numbers.filter((name) => name !== years);
    if (years && numbered.length) return ["lines", { x: years, y: numbered[0], ...(row ? { colour: row } : {}) }];
    if (!row) return null;
    if (dates.length) {
      const from = pick(dates, "start", "from", "date");
      const to = pick(dates.filter((name) => name !== from), "end", "to");
      return ["timeline", { row, span: from, ...(to ? { until: to } : {}), ...sure }];
    }
    if (!numbers.length) return null;
    const at = found.names.indexOf(row), number = pick(numbers, "count", "number");
    const other = [...texts, ...(texts.includes(row) ? [] : things)].find((name) => name !== row);
    const once = new Set(found.rows.map((cells) => value(cells[at]))).size === found.rows.length;
    return once || !other ? ["bars", { row, number }] : ["heat", { row, column: other, number }];
  };
  // Which spec draws the rows, and the column of each channel.
  const chosen = ({ found, pictures, value, text, question }) => {
    const { plain, saved } = pictures, has = (name) => found.names.includes(name);
    let view = named(text);
    if (!view) {
      const known = saved[question];
      if (known && known[2].every((name) => has(known[1][name]))) return [known[0], known[1]];
      view = guessed(found, value);
    }
    if (!view) throw new Error(NEEDS);
    const [kind, channels] = view;
    const kinds = plain.filter((one) => one[0] === kind);
    if (!kinds.length) throw new Error(`No view is called ${kind}; there are ${[...new Set(plain.map((one) => one[0]))].join(", ")}.`);
    for (const [channel, column] of Object.entries(channels)) if (!has(column)) throw new Error(`The channel ${channel} takes the column ${column}, which the answer does not have.`);
    // A channel that is not named takes the column of its own name.
    for (const [, needed, more] of kinds) for (const name of [...needed, ...more]) if (has(name) && !Object.values(channels).includes(name)) channels[name] ??= name;
    const made = { ...channels };
    if (channels.span) { made.from_earliest = made.from_latest = channels.span; }
    if (channels.until) { made.to_earliest = made.to_latest = channels.until; }
    const fit = kinds.find((one) => one[1].every((name) => made[name]));
    if (!fit) throw new Error(`A ${kind} needs columns for ${[...new Set(kinds.map((one) => one[1].join(", ")))].join("; or ")}: name them in #+ channels: {…}.`);
    return [fit[3], made];
  };
  const filled = ({ found, value, short }, channels) => {
    const at = Object.entries(channels).filter(([name]) => !["span", "until"].includes(name)).map(([name, column]) => [name, found.names.indexOf(column)]);
    return found.rows.map((cells) => Object.fromEntries(at.map(([name, n]) => {
      const cell = n < 0 ? null : cells[n], written = cell === null ? "" : value(cell);
      const guess = channels.span && { from_earliest: 0, from_latest: 1, to_earliest: 0, to_latest: 1 }[name];
      if (guess !== undefined && guess !== "") return [name, days(written)[guess]];
      return [name, cell?.i !== undefined && name !== "link" ? short(cell.i) : written];
    })));
  };
  // A map has the shapes that the site has already.
  const mapped = async (box, { colours }, rows) => {
    await csto.load("static/world.js");
    const map = csto.map(box, "Map of the rows; they stand below");
    const tally = new Map(), held = new Map(), told = [];
    for (const { code, colour, certainty, symbol, text } of rows) {
      if (symbol) tally.set(symbol, (tally.get(symbol) || new Set()).add(text));
      else if (map.shapes[code]) held.set(code, [...(held.get(code) || []), { colour: colour || "", text, sure: !["possible", "open"].includes(certainty) }]);
    }
    for (const [code, list] of held) {
      // What is certain is drawn, not what is possible beside it; rival possibilities share the state.
      const sure = list.some((one) => one.sure), kept = list.filter((one) => one.sure === sure);
      const paints = [...new Set(kept.map((one) => colours[one.colour] || "#0072b2"))], shape = map.shapes[code];
      shape.setAttribute("class", `land ${sure ? "certain" : "possible"}`);
      shape.style.setProperty("--s0", paints[0]);
      if (paints.length > 1) {
        map.striped(shape, paints);
        told.push(`${list[0].text || code}: ${kept.map((one) => one.colour).join(" or ")}.`);
      }
    }
    map.frame([...new Set(rows.map((row) => row.code))], 0.2);
    const shown = Object.keys(colours).filter((colour) => rows.some((row) => row.colour === colour));
    const keys = shown.map((colour) => { const key = el("span", { class: "key certain" }); key.style.setProperty("--s0", colours[colour]); return el("span", {}, key, ` ${colour} `); });
    box.append(el("p", { class: "legend" }, ...keys));
    return [...told, ...[...tally].map(([symbol, texts]) => `${symbol[0].toUpperCase()}${symbol.slice(1)}: ${[...texts].join("; ")}.`)];
  };
  const vega = async (box, spec, rows, { cutOff }) => {
    await csto.load("static/vega.js");
    // The legend has what occurs, in the order of the scale; what the scale does not know is other.
    const known = spec.usermeta.domain, held = new Set(rows.map((row) => row.colour || ""));
    const shown = known ? known.filter((one, n) => held.has(one) || (n === known.length - 1 && [...held].some((colour) => colour && !known.includes(colour)))) : [...held].filter(Boolean).sort();
    const given = { shown, cutOff };
    // A legend of nothing has no size.
    const told = JSON.parse(JSON.stringify(spec), (key, inner) => key === "legends" && !shown.length ? inner.filter((one) => one.values?.signal !== "shown") : inner);
    for (const set of told.data) if (set.name === "rows") set.values = rows;
    for (const signal of told.signals || []) if (signal.name in given) signal.value = given[signal.name];
    const tooltip = (handler, event, item, text) => { box.title = text ?? ""; };
    // Errors alone are told: of an axis without a row Vega would warn.
    await new csto.vega.View(csto.vega.parse(told), { renderer: "svg", container: box, logLevel: 1, tooltip }).runAsync();
  };
  return async (figure, asked) => {
    figure.replaceChildren();
    if (!asked.pictures || !asked.found.rows?.length || asked.found.kind !== "rows") return;
    figure.hidden = false;
    const box = el("div"), caption = el("figcaption");
    figure.append(box, caption);
    try {
      const [n, channels] = chosen(asked);
      const narrow = matchMedia("(max-width: 40rem)").matches;
      const spec = asked.pictures.specs[n][narrow ? 1 : 0];
      const { kind, most, notes } = spec.usermeta;
      const all = filled(asked, channels), rows = all.slice(0, most);
      const more = kind === "map" ? await mapped(box, spec, rows) : await vega(box, spec, rows, asked) || [];
      const svg = box.querySelector("svg");
      for (const node of [box, ...box.querySelectorAll("[role], [aria-roledescription]")]) for (const name of ["role", "aria-roledescription", "aria-label"]) node.removeAttribute(name);
      svg.classList.add("csto-picture");
      svg.setAttribute("role", "img");
      svg.setAttribute("aria-label", `The ${rows.length} rows below as ${kind}`);
      const dated = kind !== "timeline" || rows.every((row) => row.from_earliest || row.known_from || row.from || row.day);
      caption.textContent = [rows.length < all.length ? `The first ${rows.length} of ${all.length} rows.` : "", ...notes, ...more, dated ? "" : "Rows without a day are not drawn."].filter(Boolean).join(" ");
      caption.dataset.kind = kind;
    } catch (error) { box.remove(); caption.textContent = error.message; }
  };
})();
