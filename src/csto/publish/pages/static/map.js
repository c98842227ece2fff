// The map of the world: drawn once, framed to some states. The home page and pages of things have one.
"use strict";
csto.map = (figure, label) => {
  const world = csto.taken.world, shapes = {};
  if (!world) return null;
  const make = (name) => document.createElementNS("http://www.w3.org/2000/svg", name);
  const svg = make("svg"), title = make("title");
  svg.setAttribute("viewBox", world.box); svg.setAttribute("role", "img"); svg.setAttribute("aria-labelledby", "map-title");
  title.id = "map-title"; title.textContent = label;
  svg.append(title);
  for (const [code, d] of Object.entries(world.shapes)) {
    shapes[code] = make("path");
    shapes[code].setAttribute("d", d); shapes[code].setAttribute("class", "land");
    svg.append(shapes[code]);
  }
  figure.prepend(svg);
  // The part of the map where some states lie, not less than a share of the world.
  const frame = (codes, least) => {
    const [, , wide, high] = world.box.split(" ").map(Number);
    const boxes = codes.map((code) => shapes[code]).filter(Boolean).map((path) => path.getBBox());
    if (!boxes.length) return false;
    const left = Math.min(...boxes.map((b) => b.x)), right = Math.max(...boxes.map((b) => b.x + b.width));
    const top = Math.min(...boxes.map((b) => b.y)), bottom = Math.max(...boxes.map((b) => b.y + b.height));
    const width = Math.min(wide, Math.max(1.15 * (right - left), 2.2 * (bottom - top), wide * least)), height = width / wide * high;
    const x = Math.max(0, Math.min(wide - width, (left + right - width) / 2)), y = Math.max(0, Math.min(high - height, (top + bottom - height) / 2));
    svg.setAttribute("viewBox", `${x} ${y} ${width} ${height}`);
    return true;
  };
  // Rival possibilities share a state in stripes, as they share a cell elsewhere.
  const striped = (node, colours) => {
    const name = `several-${colours.join("-").replace(/[^\w-]/g, "")}`, side = 5, wide = side * colours.length;
    if (!document.getElementById(name)) {
      const bar = (attributes) => { const made = make("rect"); for (const [key, value] of Object.entries({ height: side, ...attributes })) made.setAttribute(key, value); return made; };
      const pattern = make("pattern");
      for (const [key, value] of Object.entries({ id: name, class: "several", width: wide, height: side, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45) scale(.5)" })) pattern.setAttribute(key, value);
      pattern.append(bar({ class: "ground", width: wide }), ...colours.map((fill, n) => bar({ x: n * side, width: side, fill })));
      svg.append(pattern);
    }
    node.classList.add("rival");
    node.style.setProperty("--several", `url(#${name})`);
  };
  return { shapes, frame, striped };
};
(() => {
  const figure = document.getElementById("where");
  if (!figure) return;
  figure.hidden = false;
  const codes = figure.dataset.states.split(" ");
  const map = csto.map(figure, figure.dataset.label);
  if (!map || !map.frame(codes, 0.2)) { figure.hidden = true; return; }
  for (const code of codes) map.shapes[code]?.setAttribute("class", "land certain");
})();
