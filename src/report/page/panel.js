// The list of decisions, and the details of the chosen one.

const FILTERS = {
  all: () => true,
  switches: ({event}) => event.startsWith("switch") || event === "exhausted_everywhere",
  suspicions: ({event}) => event === "suspect" || event === "clear",
  violations: ({event}) => event === "violation",
};

const REASONS = {
  below_thresholds: "fewer sessions than needed show a limit now",
  too_old: "a suspicion that three polls did not confirm is forgotten",
};

// A decision in a few words, for the list.
function summary(decision) {
  const {event} = decision;
  const to = decision.to || (event.startsWith("switch") ? "what the hook chooses" : "");
  if (event === "violation") return decision.reason;
  if (event === "suspect") return decision.session;
  if (event.startsWith("switch")) return `${decision.from || "?"} \u2192 ${to}`;
  if (event === "clear") return REASONS[decision.reason] || decision.reason || "";
  return decision.why || "";
}

// The full reasons, in sentences.
function reasons(decision, run, clock) {
  const said = [];
  const {event} = decision;
  if (decision.snippet) {
    said.push(["Session ", foreign(decision.session), " showed \u201c", foreign(decision.snippet),
               "\u201d", decision.rule ? ` (rule ${decision.rule}).` : "."]);
  }
  if (decision.pool !== undefined) {
    const {pool_threshold: pool, interactive_threshold: interactive} = run.rules;
    said.push([`Showing a limit: ${decision.pool} of the pool (${pool} needed), ` +
               `${decision.interactive} interactive (${interactive} needed).`]);
  }
  const why = decision.why || REASONS[decision.reason] || decision.reason;
  if (why) said.push([event === "switch" ? "Confirmed: " : "", foreign(why), "."]);
  if (decision.reset_at) {
    const {reset_text: text} = decision;
    said.push([`The limit resets ${clock.moment(Date.parse(decision.reset_at))}`,
               ...(text ? [" (\u201c", foreign(text), "\u201d)."] : ["."])]);
  }
  if (decision.retry_at) {
    said.push([`Tried again from ${clock.moment(Date.parse(decision.retry_at))}.`]);
  }
  if (decision.id) said.push(["Request ", foreign(decision.id), "."]);
  return said.map((parts) => make("p", {}, parts));
}

// The span in a lane's row at a moment, if there is one.
function spanAt(lane, name, offset) {
  const row = lane.rows.find((candidate) => candidate.name === name);
  return row && row.spans.find((span) => span.from <= offset && offset < span.to &&
      !OVERLAYS.has(span.kind) && span.kind !== "absent");
}

function squeeze(text) {
  return text.replace(/\s+/g, " ").trim();
}

class Panel {
  constructor(run, clock, choose) {
    this.run = run;
    this.clock = clock;
    this.choose = choose;
    this.sessions = run.lanes.filter((lane) => lane.kind === "session");
    this.items = run.decisions.map((decision, index) => this.item(decision, index));
    byId("decisions").replaceChildren(...this.items);
    this.filter(byId("filter").value);
  }

  item(decision, index) {
    const when = this.clock.moment(this.clock.wall(decision.offset));
    const button = make("button", {type: "button", "data-decision": index}, [
      badge(decision.event),
      make("span", {class: "when"}, [when, make("small", {}, `+${duration(decision.offset)}`)]),
      make("span", {class: "what"}, [make("b", {}, markKind(decision.event)[0]), " ",
                                     foreign(summary(decision))]),
    ]);
    button.addEventListener("click", () => this.choose(index));
    return make("li", {"data-event": decision.event}, button);
  }

  filter(name) {
    const wanted = FILTERS[name] || FILTERS.all;
    let shown = 0;
    this.run.decisions.forEach((decision, index) => {
      this.items[index].hidden = !wanted(decision);
      shown += wanted(decision) ? 1 : 0;
    });
    byId("decisions-count").textContent =
        this.items.length === 0 ? "nothing was decided" : `${shown} of ${this.items.length}`;
  }

  // The next decision in the list, `by` places from the chosen one.
  neighbour(index, by) {
    let next = index === null ? (by > 0 ? 0 : this.items.length - 1) : index + by;
    while (next >= 0 && next < this.items.length && this.items[next].hidden) next += by;
    return next >= 0 && next < this.items.length ? next : index;
  }

  mark(index) {
    for (const current of byId("decisions").querySelectorAll("[aria-current]")) {
      current.removeAttribute("aria-current");
    }
    if (index === null) return;
    const button = this.items[index].firstChild;
    button.setAttribute("aria-current", "true");
    const list = byId("decisions");
    const top = this.items[index].offsetTop - list.offsetTop;
    if (top < list.scrollTop || top + button.offsetHeight > list.scrollTop + list.clientHeight) {
      list.scrollTop = top - list.clientHeight / 3;
    }
  }

  show(index) {
    this.mark(index);
    if (index === null) return;
    const decision = this.run.decisions[index];
    const wall = this.clock.wall(decision.offset);
    const heading = make("h3", {}, [badge(decision.event), markKind(decision.event)[0], " ",
                                    foreign(summary(decision))]);
    const time = make("p", {class: "when"}, [
      `${this.clock.moment(wall)} ${this.clock.zoneName(wall)}, `,
      `${duration(decision.offset)} after the start`]);
    byId("detail-body").replaceChildren(
        heading, time, ...reasons(decision, this.run, this.clock),
        make("h3", {}, "The sessions then"), ...this.then(decision));
    byId("detail").setAttribute("data-decision", index);
  }

  // Each session at that time; relevant ones are expanded.
  then(decision) {
    const screens = new Map(decision.screens || []);
    const matters = (lane) => {
      const judged = spanAt(lane, "judged", decision.offset);
      if (lane.name === decision.session) return 2;
      return judged && (judged.kind === "exhausted" || judged.kind === "throttled") ? 1 : 0;
    };
    const parts = this.sessions.map((lane, index) => ({lane, index, weight: matters(lane)}));
    parts.sort((a, b) => b.weight - a.weight || a.index - b.index);
    const all = parts.map(({lane, index, weight}) =>
        this.session(lane, screens.get(index), decision, weight));
    if (!decision.screens) {
      all.push(make("p", {class: "hint"},
                    "Screens are kept for suspicions, switches and broken invariants."));
    }
    return all;
  }

  session(lane, screen, decision, weight) {
    const judged = spanAt(lane, "judged", decision.offset);
    const truth = spanAt(lane, "truth", decision.offset);
    const head = [foreign(lane.name)];
    if (truth) head.push(make("span", {class: "says"}, ["truth ", chip(truth.kind)]));
    head.push(make("span", {class: "says"}, judged ? ["judged ", chip(judged.kind)] : "not seen"));
    if (lane.name === decision.session) head.push(make("span", {class: "trigger"}, "triggered it"));
    const children = [make("summary", {}, head)];
    if (judged && judged.text) children.push(make("p", {}, foreign(judged.text)));
    if (screen >= 0) children.push(this.screen(this.run.screens[screen], judged));
    if (screen === -1) {
      children.push(make("p", {class: "hint"}, "Its screen was left out: the page was full."));
    }
    const open = weight > 0 && screen >= 0;
    return make("details", {"data-session": lane.name, open: open ? "" : null}, children);
  }

  screen([columns, rows, ...lines], judged) {
    const said = judged ? squeeze(judged.text.split("; rule ")[0]).slice(0, 40) : "";
    const pre = make("pre", {class: "screen", tabindex: 0,
                             "aria-label": `screen of ${columns} columns, ${rows} rows`});
    for (const line of lines) {
      const text = this.run.texts[line];
      const hit = said.length > 3 && judged.kind !== "clear" && squeeze(text).includes(said);
      pre.append(make("span", {class: hit ? "row hit" : "row"}, text + "\n"));
    }
    return pre;
  }
}
