// Times for people: the wall clock in the run's zone, and the time since the start.

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

// "1d 2h 30m", "45s", "1.5s"
function duration(milliseconds) {
  const parts = [];
  let rest = Math.abs(Math.round(milliseconds));
  for (const [unit, size] of [["d", DAY], ["h", HOUR], ["m", MINUTE]]) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(count + unit);
  }
  if (rest > 0 || parts.length === 0) parts.push(rest / SECOND + "s");
  return (milliseconds < 0 ? "-" : "") + parts.join(" ");
}

class Clock {
  constructor(run) {
    this.start = run.start;
    this.steps = run.steps;
    this.zone = run.zone.replace(/^UTC(?=[+-])/, "");
    try {
      new Intl.DateTimeFormat("en-GB", {timeZone: this.zone});
    } catch {
      this.zone = "UTC";
    }
    this.formats = new Map();
  }

  // The reading of the wall clock, including manual changes.
  wall(offset) {
    let wall = this.start + offset;
    for (const [at, by] of this.steps) {
      if (at <= offset) wall += by;
    }
    return wall;
  }

  format(wall, options) {
    const key = JSON.stringify(options);
    if (!this.formats.has(key)) {
      this.formats.set(key, new Intl.DateTimeFormat(
          "en-GB", {timeZone: this.zone, hourCycle: "h23", ...options}));
    }
    return this.formats.get(key).format(wall);
  }

  day(wall) {
    return this.format(wall, {weekday: "short", day: "numeric", month: "short"});
  }

  // With the precision that `step` needs.
  time(wall, step) {
    const options = {hour: "2-digit", minute: "2-digit"};
    if (step < MINUTE) options.second = "2-digit";
    if (step < SECOND) options.fractionalSecondDigits = 1;
    return this.format(wall, options);
  }

  // "Mon 23 Nov 20:00:30"
  moment(wall) {
    return `${this.day(wall)} ${this.time(wall, wall % SECOND === 0 ? SECOND : 1)}`;
  }

  zoneName(wall) {
    const parts = new Intl.DateTimeFormat(
        "en-GB", {timeZone: this.zone, timeZoneName: "short"}).formatToParts(wall);
    return parts.find((part) => part.type === "timeZoneName").value;
  }

  // The zone's offset from UTC at that time, in milliseconds.
  ahead(wall) {
    const options = {year: "numeric", month: "numeric", day: "numeric", hour: "numeric",
                     minute: "numeric", second: "numeric"};
    const parts = {};
    for (const part of new Intl.DateTimeFormat(
             "en-GB", {timeZone: this.zone, hourCycle: "h23", ...options}).formatToParts(wall)) {
      parts[part.type] = Number(part.value);
    }
    const local = Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute,
                           parts.second);
    return local - Math.floor(wall / SECOND) * SECOND;
  }

  // The local wall-clock time as a number of milliseconds.
  local(offset) {
    const wall = this.wall(offset);
    return wall + this.ahead(wall);
  }

  // Axis ticks at round times of day, at least `least` apart.
  ticks(from, to, least) {
    const sizes = [100, 200, 500].concat(
        [1, 2, 5, 10, 15, 30].map((count) => count * SECOND),
        [1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
        [1, 2, 3, 6, 12].map((count) => count * HOUR),
        [1, 2, 5, 10, 20, 50, 100, 365].map((count) => count * DAY));
    const size = sizes.findIndex((candidate) => candidate >= least);
    // Where the clock was set, round times have irregular distances: try a finer step.
    const sets = this.steps.map(([at]) => at).filter((at) => at > from && at <= to);
    const step = sizes.at(sets.length > 0 && size > 1 ? size - 2 : size);
    const offsets = [];
    for (let i = 0; i <= sets.length; ++i) {
      const end = i < sets.length ? sets[i] : to + 1;
      for (const at of this.roundTimes(i > 0 ? sets[i - 1] : from, end, step)) {
        if (offsets.length === 0 || at - offsets.at(-1) >= least) offsets.push(at);
      }
    }
    return {step, offsets};
  }

  // Between two clock changes; changes of the zone's offset are considered.
  roundTimes(from, end, step) {
    const next = (offset) => offset + Math.ceil(this.local(offset) / step) * step -
        this.local(offset);
    const times = [];
    for (let at = next(next(from)); at < end; at = next(next(at + step / 2))) times.push(at);
    return times;
  }
}
