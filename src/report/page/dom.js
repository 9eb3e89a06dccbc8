// Creates elements. Text is only ever inserted as text: nothing in the page parses markup.

const SVG = "http://www.w3.org/2000/svg";

function byId(id) {
  return document.getElementById(id);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value !== undefined && value !== null) element.setAttribute(name, value);
  }
  for (const child of [].concat(children === undefined ? [] : children)) {
    element.append(child);
  }
  return element;
}

function make(tag, attributes, children) {
  return fill(document.createElement(tag), attributes, children);
}

function draw(tag, attributes, children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

// Text from a pane, isolated so that it cannot change the direction of the text around it.
function foreign(text) {
  return make("bdi", {}, String(text));
}

// A sign on a coloured disc, as in the chart.
function badge(kind) {
  const [, sign, colour] = markKind(kind);
  const icon = draw("svg", {class: "badge", width: 18, height: 18, "aria-hidden": "true"});
  icon.append(draw("circle", {cx: 9, cy: 9, r: 8, fill: colour}),
              draw("text", {x: 9, y: 13, "text-anchor": "middle", class: "sign"}, sign));
  return icon;
}

// The fill patterns of all kinds of span, for the whole document: a colour with strokes over it.
function patterns() {
  const defs = draw("defs");
  for (const [name, [, colour, texture]] of SPAN_KINDS) {
    const pattern = draw("pattern", {id: `kind-${name}`, width: 8, height: 8,
                                     patternUnits: "userSpaceOnUse"});
    pattern.append(draw("rect", {width: 8, height: 8, fill: colour}));
    if (PATTERNS[texture]) pattern.append(draw("path", {d: PATTERNS[texture], class: "texture"}));
    defs.append(pattern);
  }
  return draw("svg", {class: "patterns", width: 0, height: 0, "aria-hidden": "true"}, defs);
}

// A sample of a span, as in the chart, with its name.
function chip(kind) {
  const icon = draw("svg", {class: "swatch", width: 26, height: 14, "aria-hidden": "true"});
  icon.append(draw("rect", {x: 0.5, y: 0.5, width: 25, height: 13, fill: `url(#kind-${kind})`,
                            class: kind === "absent" ? "span dashed" : "span"}));
  return make("span", {class: "chip", "data-kind": kind}, [icon, spanKind(kind)[0]]);
}
