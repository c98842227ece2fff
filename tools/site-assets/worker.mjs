// The graph in Oxigraph, in a worker that the page can end: a query cannot be stopped otherwise.
import init, { namedNode, Store } from "oxigraph/web.js";

let store, meta, days, loaded = "";
const unpack = async (text) => {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
};
const text = async (packed) => new TextDecoder().decode(await unpack(packed));

// The three slices of a day: what holds on it, of what has days at all.
const cut = (day) => {
  if (day === loaded) return;
  const widths = ["certain", "possible", "open"];
  const old = loaded;
  if (old) for (const width of widths) store.update(`DROP SILENT GRAPH <${meta.slice}${old}/${width}>`);
  const lines = [];
  widths.forEach((width, n) => {
    const graph = `<${meta.slice}${day}/${width}>`;
    lines.push(`${graph} <${meta.ns}day> "${day}"^^<http://www.w3.org/2001/XMLSchema#date> ${graph} .`);
    lines.push(`${graph} <${meta.ns}certainty> <${meta.certainty}${width}> ${graph} .`);
    for (const [triple, ...runs] of days) {
      if ((runs[n] || []).some(([first, last]) => (!first || first <= day) && (!last || day <= last))) lines.push(`${triple.replace("@DAY@", day)} ${graph} .`);
    }
  });
  store.load(lines.join("\n"), { format: "application/n-quads", lenient: true });
  loaded = day;
};
const term = (t) => t === undefined ? null : t.termType === "Literal" ? { v: t.value, l: t.language || "", d: t.datatype.value } : t.termType === "NamedNode" ? { i: t.value } : { v: t.toString(), d: "" };

const work = {
  async start({ engine, graph, dated, about }) {
    await init({ module_or_path: await unpack(engine) });
    store = new Store();
    meta = about;
    store.load(await text(graph), { format: "application/trig", lenient: true });
    days = JSON.parse(await text(dated));
    return { size: store.size };
  },
  async ask({ query, day }) {
    cut(day);
    const began = performance.now();
    const slice = (width) => `${meta.slice}${day}/${width}`;
    const found = store.query(query, {
      default_graph: [...meta.graphs, slice("certain")].map((iri) => namedNode(iri)),
      named_graphs: ["possible", "open"].map((width) => namedNode(slice(width))),
    });
    const ms = performance.now() - began;
    if (typeof found === "boolean") return { kind: "boolean", value: found, ms };
    if (!found.length) return { kind: "rows", names: [], rows: [], ms };
    if (found[0] instanceof Map) {
      // A row need not bind all names; the first rows that do have them in order.
      const names = [...new Set(found.slice(0, 200).flatMap((row) => [...row.keys()]))];
      return { kind: "rows", names, rows: found.map((row) => names.map((name) => term(row.get(name)))), ms };
    }
    return { kind: "graph", rows: found.map((quad) => [term(quad.subject), term(quad.predicate), term(quad.object)]), names: ["subject", "property", "value"], ms };
  },
  // Statements of the day that join some things.
  async between({ iris }) {
    const graphs = [...meta.graphs, `${meta.slice}${loaded}/certain`], found = new Map();
    for (const subject of iris) for (const object of iris) if (subject !== object) for (const graph of graphs) {
      for (const quad of store.match(namedNode(subject), null, namedNode(object), namedNode(graph))) {
        const triple = [subject, quad.predicate.value, object];
        found.set(triple.join(" "), triple);
      }
    }
    return [...found.values()];
  },
};
self.onmessage = async ({ data: { number, job, ...given } }) => {
  try { self.postMessage({ number, done: await work[job](given) }); }
  catch (error) { self.postMessage({ number, failed: String(error.message || error) }); }
};
