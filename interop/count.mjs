// Counts what N3.js reads in a file of Turtle, TriG, N-Triples or N-Quads, and jsonld.js in one of JSON-LD.
// usage: node count.mjs FILE, with NODE_PATH at the folder of modules
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(process.env.NODE_PATH + "/");
const path = process.argv[2];
const text = readFileSync(path, "utf8");

if (path.endsWith(".jsonld")) {
  const jsonld = require("jsonld");
  const quads = await jsonld.toRDF(JSON.parse(text));
  console.log(quads.length);
} else {
  const { Parser } = require("n3");
  const format = { ttl: "text/turtle", nt: "N-Triples", nq: "N-Quads", trig: "application/trig" }[path.split(".").pop()];
  const quads = new Parser({ format }).parse(text);
  console.log(new Set(quads.map((q) => JSON.stringify(q))).size);
}
