// Mouse, wheel and keys.

function listen() {
  const svg = byId("chart");
  const on = (id, act) => byId(id).addEventListener("click", () => act(current.chart));
  on("whole", (chart) => update(() => chart.show(0, chart.whole)));
  on("zoom-in", (chart) => update(() => chart.zoom(0.5)));
  on("zoom-out", (chart) => update(() => chart.zoom(2)));
  on("earlier", (chart) => update(() => chart.pan(-0.4)));
  on("later", (chart) => update(() => chart.pan(0.4)));
  on("previous", () => step(-1));
  on("next", () => step(1));
  on("closer", closer);
  byId("filter").addEventListener("change", (event) => current.panel.filter(event.target.value));
  addEventListener("hashchange", follow);
  addEventListener("resize", () => current.chart.render());
  svg.addEventListener("keydown", press);
  svg.addEventListener("wheel", turn, {passive: false});
  svg.addEventListener("mousemove", point);
  listenToDrag(svg);
}

function step(by) {
  const next = current.panel.neighbour(current.chart.chosen, by);
  if (next !== null) choose(next);
}

// Twenty polls on either side of the chosen decision.
function closer(chart) {
  if (chart.chosen === null) return;
  const {offset} = current.run.decisions[chart.chosen];
  const around = 20 * current.run.rules.poll_interval;
  update(() => chart.show(offset - around, offset + around));
}

function press(event) {
  const {chart} = current;
  const keys = {
    ArrowLeft: () => update(() => chart.pan(-0.2)),
    ArrowRight: () => update(() => chart.pan(0.2)),
    "+": () => update(() => chart.zoom(0.5)),
    "=": () => update(() => chart.zoom(0.5)),
    "-": () => update(() => chart.zoom(2)),
    0: () => update(() => chart.show(0, chart.whole)),
    n: () => step(1),
    p: () => step(-1),
    z: () => closer(chart),
  };
  if (!keys[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  keys[event.key]();
}

// The wheel scrolls the page until the chart has been clicked.
function turn(event) {
  const svg = byId("chart");
  const meant = event.ctrlKey || event.metaKey || document.activeElement === svg;
  if (!meant) return;
  event.preventDefault();
  const {chart} = current;
  const x = event.clientX - svg.getBoundingClientRect().left;
  const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
  const around = chart.offsetAt(Math.max(x, chart.gutter));
  update(() => sideways ? chart.pan(event.deltaX / 1000)
                        : chart.zoom(Math.exp(event.deltaY / 400), around));
}

// Shows at once what is under the pointer; the browser's own tooltip is slow.
function point(event) {
  const item = event.target.closest("rect, path, g.mark, text");
  const title = item && item.querySelector("title");
  if (title) byId("pointed").textContent = title.textContent;
}

function listenToDrag(svg) {
  let held = null;
  svg.addEventListener("pointerdown", (event) => {
    held = {x: event.clientX, moved: false, ...current.chart.view};
  });
  svg.addEventListener("pointermove", (event) => {
    if (!held || event.buttons === 0) return;
    const {chart} = current;
    const moved = event.clientX - held.x;
    if (!held.moved && Math.abs(moved) < 4) return;
    if (!held.moved) svg.setPointerCapture(event.pointerId);
    held.moved = true;
    const by = moved * (held.to - held.from) / chart.room;
    update(() => chart.show(held.from - by, held.to - by));
  });
  svg.addEventListener("click", (event) => {
    const dragged = held && held.moved;
    held = null;
    const mark = dragged ? null : event.target.closest("[data-decision]");
    if (mark) choose(Number(mark.getAttribute("data-decision")));
  });
}
