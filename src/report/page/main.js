// The main script: reads the data, shows a run, handles input. Links to a part of the page:
// #run=2&decision=3&from=3600&to=7200 (counted from 1, seconds since the start).

const page = document.documentElement;
const data = {runs: []};
let current = null;  // {index, run, clock, chart, panel}

function fail(error) {
  page.setAttribute("data-error", String(error && error.stack || error));
  const place = byId("broken");
  place.textContent = `This page is broken: ${error}`;
  place.hidden = false;
}

addEventListener("error", (event) => fail(event.error || event.message));
addEventListener("unhandledrejection", (event) => fail(event.reason));

// Replaces text numbers by texts, and lists by objects with named fields.
function unpack(run) {
  const text = (index) => run.texts[index];
  for (const lane of run.lanes) {
    for (const row of lane.rows) {
      row.spans = row.spans.map(([from, to, kind, more]) =>
          ({from, to, kind: text(kind), text: text(more)}));
      row.marks = row.marks.map(([at, kind, more]) => ({at, kind: text(kind), text: text(more)}));
    }
  }
  run.unpacked = true;
}

function count(run, event) {
  return run.decisions.filter((decision) => decision.event === event).length;
}

// Their paths without folders, where that is enough to tell them apart.
function nameRuns() {
  const short = (run) => run.title.slice(run.title.lastIndexOf("/") + 1);
  const times = new Map();
  for (const run of data.runs) times.set(short(run), (times.get(short(run)) || 0) + 1);
  for (const run of data.runs) run.name = times.get(short(run)) > 1 ? run.title : short(run);
}

function listRuns() {
  if (data.runs.length < 2) return;
  const anyBroken = data.runs.some((run) => count(run, "violation") > 0);
  const rows = data.runs.map((run, index) => {
    const link = make("a", {href: `#run=${index + 1}`, title: run.title}, foreign(run.name));
    const broken = count(run, "violation");
    const cells = [
      make("td", {class: run.passed ? "good" : "bad"},
           run.passed ? "\u2713 passed" : "\u00d7 FAILED"),
      make("td", {}, link), make("td", {}, duration(run.until)),
      make("td", {}, `${count(run, "switch")}`),
    ];
    if (anyBroken) cells.push(make("td", {}, broken > 0 ? `${broken} broken` : ""));
    return make("tr", {"data-run": index}, cells);
  });
  const columns = ["", "run", "lasts", "switches", ...(anyBroken ? ["invariants"] : [])];
  const head = make("tr", {}, columns.map((name) => make("th", {scope: "col"}, name)));
  byId("runs").append(make("table", {}, [make("caption", {}, foreign(data.title)), make("thead", {}, head),
                                         make("tbody", {}, rows)]));
  byId("runs").hidden = false;
}

// The legend: the kinds that occur in this run.
function legend(run) {
  const rows = run.lanes.flatMap((lane) => lane.rows);
  const spans = new Set(rows.flatMap((row) => row.spans.map((span) => span.kind)));
  const marks = new Set(rows.flatMap((row) => row.marks.map((mark) => mark.kind)));
  const entry = (sign, meaning) => make("span", {class: "entry"}, [
    ...sign, make("span", {class: "meaning"}, meaning)]);
  byId("legend-entries").replaceChildren(
      ...[...SPAN_KINDS].filter(([kind]) => spans.has(kind)).map(
          ([kind, [, , , , meaning]]) => entry([chip(kind)], meaning)),
      ...[...MARK_KINDS].filter(([kind]) => marks.has(kind)).map(
          ([kind, [label, , , , meaning]]) => entry([badge(kind), label], meaning)));
  byId("legend").open = spans.size + marks.size <= 26 && innerWidth > 900;
}

function alarm(run) {
  const broken = run.decisions.flatMap((decision, index) =>
      decision.event === "violation" ? [[decision, index]] : []);
  const place = byId("alarm");
  place.hidden = broken.length === 0 && run.report.length === 0;
  place.replaceChildren();
  if (broken.length > 0) {
    place.append(make("h2", {}, `Invariants broken: ${broken.length}. This is a bug of quotawatch`));
  } else if (run.report.length > 0) {
    place.append(make("h2", {}, "Not as expected"));
  }
  for (const [decision, index] of broken.slice(0, 20)) {
    const button = make("button", {type: "button"}, [
      `+${duration(decision.offset)} `, foreign(decision.reason), ": ", foreign(decision.why)]);
    button.addEventListener("click", () => choose(index));
    place.append(make("p", {}, button));
  }
  if (run.report.length > 0) {
    const brief = broken.length === 0 && run.report.length <= 15;
    place.append(make("details", {open: brief ? "" : null}, [
      make("summary", {}, "What was expected, and what came"),
      make("pre", {}, run.report.join("\n"))]));
  }
}

function facts(run, clock) {
  const wall = clock.wall(0);
  const parts = [`from ${clock.moment(wall)} ${clock.format(wall, {year: "numeric"})}`,
                 `${run.zone}`, `for ${duration(run.until)}`,
                 `switches: ${count(run, "switch")}, failed: ${count(run, "switch_failed")}`,
                 `a poll every ${duration(run.rules.poll_interval)}`,
                 `cooldown ${duration(run.rules.cooldown)}`];
  if (run.source) parts.push(run.source);
  byId("facts").replaceChildren(foreign(parts.join(" \u00b7 ")));
}

// The decision to select when the page opens.
function firstToShow(run) {
  for (const event of ["violation", "switch", "exhausted_everywhere", "suspect"]) {
    const found = run.decisions.findIndex((decision) => decision.event === event);
    if (found >= 0) return found;
  }
  return null;
}

function showRun(index) {
  const run = data.runs[index];
  if (!run.unpacked) unpack(run);
  const clock = new Clock(run);
  const chart = new Chart(byId("chart"), run, clock);
  current = {index, run, clock, chart, panel: new Panel(run, clock, choose)};
  byId("title").replaceChildren(foreign(run.name));
  byId("title").title = run.title;
  facts(run, clock);
  alarm(run);
  legend(run);
  byId("detail").removeAttribute("data-decision");
  byId("detail-body").replaceChildren(make("p", {},
      "Choose a decision to see its reasons and the screens it was taken on."));
  for (const row of byId("runs").querySelectorAll("tr[data-run]")) {
    row.classList.toggle("current", Number(row.getAttribute("data-run")) === index);
  }
  chart.chosen = firstToShow(run);
  if (chart.chosen !== null) current.panel.show(chart.chosen);
  update(() => chart.render());
}

// Changes the view, then updates the page's address.
let noted = 0;
function update(change) {
  change();
  const {chart, clock, run, index} = current;
  const {from, to} = chart.view;
  const [start, end] = [clock.wall(from), clock.wall(to)];
  byId("range").textContent = `${clock.moment(start)} to ${clock.moment(end)} ` +
      `${clock.zoneName(start)} (${duration(to - from)})`;
  clearTimeout(noted);
  noted = setTimeout(() => {
    const parts = data.runs.length > 1 ? [`run=${index + 1}`] : [];
    if (chart.chosen !== null) parts.push(`decision=${chart.chosen + 1}`);
    if (from > 0 || to < run.until) parts.push(`from=${from / 1000}`, `to=${to / 1000}`);
    if (parts.length > 0 || location.hash) history.replaceState(null, "", `#${parts.join("&")}`);
  }, 300);
}

function choose(index) {
  const {chart, panel, run} = current;
  chart.chosen = index;
  panel.show(index);
  update(() => index === null ? chart.render() : chart.centre(run.decisions[index].offset));
}

// Applies a link's parameters; invalid ones are ignored.
function follow() {
  const asked = new URLSearchParams(location.hash.slice(1));
  const number = (name) => asked.has(name) ? Number(asked.get(name)) : NaN;
  const run = number("run") - 1;
  const index = data.runs[run] ? run : current ? current.index : 0;
  if (!current || current.index !== index) showRun(index);
  const [from, to] = [number("from") * 1000, number("to") * 1000];
  const decision = number("decision") - 1;
  if (current.run.decisions[decision]) choose(decision);
  if (from < to) update(() => current.chart.show(from, to));
}

function start() {
  document.body.append(patterns());
  Object.assign(data, JSON.parse(byId("data").textContent));
  nameRuns();
  listRuns();
  listen();
  follow();
  page.setAttribute("data-state", "ready");
}

try {
  start();
} catch (error) {
  fail(error);
}
