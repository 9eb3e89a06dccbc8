// The lanes, drawn for the visible time range. Narrow spans are merged; of those in one place the
// most severe is shown.

const AXIS_HEIGHT = 46;
const LANE_GAP = 5;
const MARGIN = 10;  // on both sides of the range, for signs at its ends
const SHORTEST_VIEW = 500;  // milliseconds
const ROW_HEIGHTS = {decisions: 22, phase: 16, process: 16, notes: 15};
const MOST_GUIDES = 60;  // more lines would be clutter
const OVERLAYS = new Set(["blocked", "limited"]);
const GRAVITY = [...SPAN_KINDS.keys()];  // later is more severe, except for verdicts
const VERDICT_GRAVITY = ["clear", "unknown", "auth", "warning", "left_over", "server_error", "throttled",
                         "exhausted"];

function gravity(kind) {
  const verdict = VERDICT_GRAVITY.indexOf(kind);
  return verdict >= 0 ? verdict : GRAVITY.indexOf(kind);
}

// The first of `items` for which `holds`, where all after it hold, too (binary search).
function firstWhere(items, holds) {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(items[middle])) high = middle;
    else low = middle + 1;
  }
  return low;
}

class Chart {
  constructor(svg, run, clock) {
    this.svg = svg;
    this.run = run;
    this.clock = clock;
    this.view = {from: 0, to: Math.max(run.until, SHORTEST_VIEW)};
    this.chosen = null;  // a decision
    this.decisionAt = new Map();
    run.decisions.forEach((decision, index) => {
      const key = `${decision.offset} ${decision.event}`;
      if (!this.decisionAt.has(key)) this.decisionAt.set(key, index);
    });
    this.place();
  }

  get whole() {
    return Math.max(this.run.until, SHORTEST_VIEW);
  }

  // Shows this range. It may extend beyond the run by half its length, so that any moment can be
  // centred.
  show(from, to) {
    const length = Math.min(Math.max(to - from, SHORTEST_VIEW), this.whole);
    const slack = length < this.whole ? length / 2 : 0;
    const middle = (from + to) / 2;
    const least = Math.max(-slack, Math.min(middle - length / 2, this.whole + slack - length));
    this.view = {from: Math.round(least), to: Math.round(least + length)};
    this.render();
  }

  // Around `point`, else around the chosen decision if it is in view.
  zoom(factor, point = null) {
    const {from, to} = this.view;
    const chosen = this.chosen === null ? -1 : this.run.decisions[this.chosen].offset;
    const around = point ?? (from <= chosen && chosen <= to ? chosen : (from + to) / 2);
    this.show(around - (around - from) * factor, around + (to - around) * factor);
  }

  pan(share) {
    const by = (this.view.to - this.view.from) * share;
    this.show(this.view.from + by, this.view.to + by);
  }

  centre(offset) {
    const half = (this.view.to - this.view.from) / 2;
    this.show(offset - half, offset + half);
  }

  // Lays out lanes and rows.
  place() {
    let y = AXIS_HEIGHT;
    this.lanes = this.run.lanes.map((lane) => {
      const top = y;
      const rows = lane.rows.map((row) => {
        const height = ROW_HEIGHTS[row.name] || 14;
        y += height;
        return {row, top: y - height, height: height - 2};
      });
      if (rows.length === 0) y += 14;
      y += LANE_GAP;
      return {lane, rows, top, bottom: y - LANE_GAP};
    });
    this.height = y;
  }

  x(offset) {
    const share = (offset - this.view.from) / (this.view.to - this.view.from);
    return this.gutter + MARGIN + share * this.room;
  }

  offsetAt(x) {
    const share = (x - this.gutter - MARGIN) / this.room;
    return this.view.from + share * (this.view.to - this.view.from);
  }

  render() {
    this.width = Math.max(this.svg.parentElement.clientWidth, 320);
    this.gutter = this.width >= 1000 ? 190 : 132;
    this.room = this.width - this.gutter - 2 * MARGIN;
    fill(this.svg, {width: this.width, height: this.height,
                    viewBox: `0 0 ${this.width} ${this.height}`,
                    "data-from": this.view.from, "data-to": this.view.to});
    const width = this.width - this.gutter;  // the rest is cut off
    const plot = draw("svg", {x: this.gutter, width, height: this.height,
                              viewBox: `${this.gutter} 0 ${width} ${this.height}`});
    const under = draw("g", {}, this.backgrounds());
    plot.append(...this.axis(), ...this.guides());
    for (const placed of this.lanes) plot.append(this.drawLane(placed));
    this.svg.replaceChildren(under, plot, ...this.names());
  }

  backgrounds() {
    return this.lanes.map(({lane, top, bottom}) => {
      const chosen = this.chosen !== null && lane.kind === "session" &&
          this.run.decisions[this.chosen].session === lane.name;
      return draw("rect", {x: 0, y: top - 2, width: this.width, height: bottom - top + 3,
                           class: chosen ? "lane chosen" : `lane ${lane.kind}`});
    });
  }

  names() {
    const text = (x, y, name, classes, anchor) => {
      const most = Math.floor((classes === "lane-name" ? 0.66 : 0.6) * this.gutter / 6.8);
      const short = name.length > most ? name.slice(0, most - 1) + "\u2026" : name;
      const label = draw("text", {x, y, class: classes, "text-anchor": anchor}, short);
      if (short !== name) label.append(draw("title", {}, name));
      return label;
    };
    const all = [];
    for (const {lane, rows, top} of this.lanes) {
      const tall = rows.length > 0 ? rows[0].height : 12;
      all.push(text(6, top + tall / 2 + 4, lane.name, "lane-name", "start"));
      for (const {row, top: at, height} of rows) {
        all.push(text(this.gutter - 6, at + height / 2 + 4, row.name, "row-name", "end"));
      }
    }
    return all;
  }

  axis() {
    const {from, to} = this.view;
    const apart = (to - from) * 92 / this.room;
    const {step, offsets} = this.clock.ticks(from, to, apart);
    const fine = step >= HOUR ? MINUTE : step >= MINUTE ? SECOND : 100;
    let day = "";
    const all = [];
    for (const offset of offsets) {
      const wall = this.clock.wall(offset);
      const x = this.x(offset);
      const today = this.clock.day(wall);
      all.push(draw("line", {x1: x, x2: x, y1: AXIS_HEIGHT - 5, y2: this.height, class: "tick"}));
      if (today !== day) all.push(draw("text", {x: x + 3, y: 12, class: "day"}, today));
      all.push(draw("text", {x: x + 3, y: 26, class: "time"}, this.clock.time(wall, step)),
               draw("text", {x: x + 3, y: 39, class: "offset"},
                    (offset < 0 ? "" : "+") + duration(Math.round(offset / fine) * fine)));
      day = today;
    }
    for (const [start, end] of [[from, 0], [this.run.until, to]]) {
      if (start >= end) continue;
      all.push(draw("rect", {x: this.x(start), width: this.x(end) - this.x(start),
                             y: AXIS_HEIGHT - 4, height: this.height, class: "beyond"}));
    }
    return all;
  }

  // Lines through all lanes: switches, broken invariants, and the chosen decision.
  guides() {
    const all = [];
    const inView = ({offset}) => offset >= this.view.from && offset <= this.view.to;
    const seen = this.run.decisions.filter(inView);
    const switches = seen.filter(({event}) => event === "switch").length;
    const line = (offset, classes) => {
      const x = this.x(offset);
      all.push(draw("line", {x1: x, x2: x, y1: AXIS_HEIGHT - 4, y2: this.height, class: classes}));
    };
    for (const {event, offset} of seen) {
      const few = event === "switch" && switches <= MOST_GUIDES;
      if (few || event === "violation") line(offset, `guide ${event}`);
    }
    if (this.chosen !== null) line(this.run.decisions[this.chosen].offset, "guide chosen");
    return all;
  }

  drawLane({lane, rows}) {
    const group = draw("g", {class: `lane-content ${lane.kind}`, "data-lane": lane.name,
                             role: "group", "aria-label": lane.name});
    if (rows.length === 0) {
      const none = lane.kind === "faults" ? "none" : "no accounts are named: the hook chooses";
      const {top} = this.lanes.find((placed) => placed.lane === lane);
      group.append(draw("text", {x: this.gutter + 6, y: top + 11, class: "none"}, none));
    }
    for (const placed of rows) {
      const band = new Band(this, lane, placed);
      group.append(draw("g", {"data-row": placed.row.name}, band.draw()));
    }
    return group;
  }
}
