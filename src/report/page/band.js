// One row of a lane: its spans and its marks.

const MARKS_APART = 15;  // pixels; marks nearer than this are merged
const MANY_SPANS = 150;  // in view in one row; if more, only wide ones are drawn individually

class Band {
  constructor(chart, lane, {row, top, height}) {
    Object.assign(this, {chart, lane, row, top, height});
  }

  draw() {
    const layers = [[], [], []];
    for (const span of this.row.spans) {
      layers[span.kind === "absent" ? 0 : OVERLAYS.has(span.kind) ? 2 : 1].push(span);
    }
    return [...layers.flatMap((layer) => this.drawSpans(layer)), ...this.drawMarks()];
  }

  drawSpans(spans) {
    const {from, to} = this.chart.view;
    const first = firstWhere(spans, (span) => span.to > from);
    const end = firstWhere(spans, (span) => span.from >= to);
    const least = end - first > MANY_SPANS ? 8 : 2;
    const drawn = [];
    const narrow = new Map();  // by pixel: the most severe that begins there
    for (const span of spans.slice(first, end)) {
      const left = this.chart.x(Math.max(span.from, from));
      const width = this.chart.x(Math.min(span.to, to)) - left;
      const pixel = Math.floor(left / 2) * 2;
      const there = narrow.get(pixel);
      if (width >= least) {
        drawn.push(...this.drawSpan(span, left, left + width));
      } else if (!there || gravity(there.kind) < gravity(span.kind)) {
        narrow.set(pixel, {kind: span.kind, width: Math.max(Math.round(width), 2)});
      }
    }
    return [...drawn, ...this.drawNarrow(narrow)];
  }

  // Spans in the lower half leave the span beneath them visible.
  edges(kind) {
    if (kind === "blocked") return [this.top + this.height - 3, 3];
    if (kind === "limited") return [this.top + this.height * 0.55, this.height * 0.45];
    return [this.top, this.height];
  }

  drawSpan(span, left, right) {
    const [label, , , ink] = spanKind(span.kind);
    const [y, height] = this.edges(span.kind);
    const width = right - left;
    const rect = draw("rect", {x: left, y, width, height, fill: `url(#kind-${span.kind})`,
                               class: span.kind === "absent" ? "span dashed" : "span",
                               "data-kind": span.kind});
    rect.append(draw("title", {}, this.describe(span)));
    const fits = height >= 11 && width > label.length * 6.3 + 8;
    if (!fits) return [rect];
    const indent = span.kind === "down" ? 12 : 4;  // right of the kill's sign
    const name = draw("text", {x: left + indent, y: y + height / 2 + 4,
                               class: ink === "#fff" ? "label light" : "label"}, label);
    return [rect, name];
  }

  // One path per kind: there can be very many spans.
  drawNarrow(narrow) {
    const paths = new Map();
    for (const [pixel, {kind, width}] of narrow) {
      const [top, height] = this.edges(kind);
      paths.set(kind, (paths.get(kind) || "") + `M${pixel},${top}h${width}v${height}h-${width}z`);
    }
    return [...paths].map(([kind, d]) => {
      const path = draw("path", {d, fill: `url(#kind-${kind})`, "data-kind": kind,
                                 class: "narrow"});
      path.append(draw("title", {}, `${spanKind(kind)[0]}: too short to show here, zoom in`));
      return path;
    });
  }

  describe(span) {
    const {clock} = this.chart;
    const [label, , , , meaning] = spanKind(span.kind);
    const who = this.lane.kind === "session" || this.lane.kind === "accounts"
        ? `${this.lane.kind === "accounts" ? "account" : this.lane.name} ${this.row.name}: ` : "";
    return `${who}${label} ${clock.moment(clock.wall(span.from))} to ` +
        `${clock.moment(clock.wall(span.to))} (+${duration(span.from)}, for ` +
        `${duration(span.to - span.from)})` +
        (span.text ? ` \u2014 ${span.text}` : meaning ? ` \u2014 ${meaning}` : "");
  }

  // Zoomed out so far that they would stand in a row, notes give way to the decisions.
  isCrowded(first) {
    const marks = this.row.marks;
    const inView = firstWhere(marks, (mark) => mark.at > this.chart.view.to) - first;
    return this.row.name === "notes" && inView * MARKS_APART > this.chart.room;
  }

  drawMarks() {
    const {from, to} = this.chart.view;
    const groups = [];
    const marks = this.row.marks;
    const first = firstWhere(marks, (mark) => mark.at >= from);
    if (this.isCrowded(first)) return [];
    for (let i = first; i < marks.length; ++i) {
      if (marks[i].at > to) break;
      const x = this.chart.x(marks[i].at);
      const near = groups.length > 0 && x - groups.at(-1).x < MARKS_APART;
      if (near) groups.at(-1).marks.push(marks[i]);
      else groups.push({x, marks: [marks[i]]});
    }
    return groups.map((group, index) =>
        this.drawGroup(group, index + 1 < groups.length ? groups[index + 1].x : this.chart.width));
  }

  // The target of a switch, beside its sign.
  routeOf(index) {
    const {event, from, to} = this.chart.run.decisions[index];
    return event.startsWith("switch") && to ? `${from} \u2192 ${to}` : "";
  }

  drawGroup({marks}, until) {
    const {clock, decisionAt} = this.chart;
    const gravest = marks.reduce((a, b) => markKind(b.kind)[3] > markKind(a.kind)[3] ? b : a);
    const [, sign, colour] = markKind(gravest.kind);
    const at = this.chart.x(gravest.at);
    const y = this.top + this.height / 2;
    const radius = Math.min(9, this.height / 2);
    const index = decisionAt.get(`${gravest.at} ${gravest.kind}`);
    const group = draw("g", {class: index === undefined ? "mark" : "mark decision",
                             "data-kind": gravest.kind, "data-decision": index});
    const lines = marks.slice(0, 12).map((mark) =>
        `${markKind(mark.kind)[0]} ${clock.moment(clock.wall(mark.at))} (+${duration(mark.at)})` +
        (mark.text ? ` \u2014 ${mark.text}` : ""));
    if (marks.length > 12) lines.push(`and ${marks.length - 12} more: zoom in`);
    group.append(draw("title", {}, lines.join("\n")),
                 draw("circle", {cx: at, cy: y, r: radius, fill: colour}),
                 draw("text", {x: at, y: y + radius * 0.45, class: "sign",
                               "font-size": radius * 1.5, "text-anchor": "middle"}, sign));
    if (marks.length > 1 && until - at > radius + 18) {
      group.append(draw("text", {x: at + radius, y: this.top + 8, class: "count"},
                        `${marks.length}`));
    }
    const route = index === undefined ? "" : this.routeOf(index);
    const x = at + radius + (marks.length > 1 ? 12 : 4);
    if (route !== "" && x + route.length * 6.5 < until - MARKS_APART) {
      group.append(draw("text", {x, y: y + 4, class: "label route"}, route));
    }
    return group;
  }
}
