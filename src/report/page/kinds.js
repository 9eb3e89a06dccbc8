// The kinds of spans and marks: name, colour, and a pattern or sign, so that nothing depends on
// colour alone. The colours are those of Okabe and Ito, which remain distinguishable with any kind
// of colour blindness.

// [label, fill, pattern, ink, meaning]
const SPAN_KINDS = new Map(Object.entries({
  clear: ["clear", "#d3ecdf", "plain", "#123", "no limit is shown"],
  warning: ["warning", "#f5ec8f", "lines", "#123", "a limit is near; never counts"],
  throttled: ["throttled", "#e69f00", "dots", "#123", "requests are rejected"],
  exhausted: ["exhausted", "#e0702a", "diagonal", "#000", "a limit is reached"],
  left_over: ["left over", "#edc3a6", "back", "#123", "a limit from before the last switch"],
  server_error: ["server error", "#d79bbb", "cross", "#123", "a 5xx: vetoes its turn"],
  auth: ["login", "#8ccbf0", "bars", "#123", "a login or policy notice"],
  unknown: ["unknown", "#d0d0d0", "back", "#123", "could not be determined"],
  blocked: ["held up", "var(--strong)", "plain", "#fff", "the session truly cannot work"],
  absent: ["no session", "var(--ground)", "none", "#678", "the session does not exist"],
  capture_failed: ["captures fail", "#b8b8b8", "back", "#123", "its pane cannot be read"],
  program_ended: ["program ended", "#9aa5ab", "bars", "#123", "the program in its pane has ended"],
  suspicion: ["suspicion", "#f2c14e", "dots", "#123", "seen once, without a reset time"],
  in_flight: ["switch in flight", "#0072b2", "plain", "#fff", "the hook runs"],
  cooldown: ["cooldown", "#b5d4e9", "lines", "#123", "nothing is decided after a switch"],
  backoff: ["waiting after a failure", "#c9a3d4", "bars", "#123", "nothing is decided"],
  all_out: ["every account is out", "#5a3a2a", "cross", "#fff", "a switch waits for one"],
  asked: ["asked to go on", "#56b4e9", "plain", "#123", "until it does, or is given up"],
  not_asked: ["not asked yet", "#dfe7b0", "bars", "#123", "something stands in the way"],
  down: ["not running", "#222222", "diagonal", "#fff", "the monitor was down"],
  active: ["in use", "#009e73", "plain", "#fff", "the account in use"],
  limited: ["limited", "#e0702a", "diagonal", "#000", "the account is at its limit"],
  tmux_down: ["tmux is down", "#5b6770", "back", "#fff", "no server"],
  tmux_slow: ["tmux is slow", "#a9b4bc", "lines", "#123", ""],
  tmux_garbled: ["tmux is garbled", "#8f9aa3", "cross", "#000", "its answers are no answers"],
  hook_fails: ["switches fail", "#c9a3d4", "diagonal", "#123", "hooks started now fail"],
  hook_hangs: ["switches hang", "#c9a3d4", "lines", "#123", "hooks started now never end"],
  store_down: ["store is down", "#5b6770", "back", "#fff", "what hosts share cannot be asked"],
  stall: ["stalled", "#777777", "bars", "#fff", "the monitor gets no time"],
  disk_full: ["disk full", "#a08060", "back", "#fff", "nothing can be saved"],
}));

// [label, sign, colour, weight (the heaviest represents several), meaning]
const MARK_KINDS = new Map(Object.entries({
  violation: ["invariant broken", "!", "#d00000", 9, "a bug of quotawatch"],
  switch_failed: ["switch failed", "\u00d7", "#9c3587", 8, "the hook reported a failure"],
  exhausted_everywhere: ["all accounts out", "\u2205", "#5a3a2a", 7, "no account to switch to"],
  switch: ["switch", "\u21c4", "#0072b2", 6, "asked for"],
  switch_beaten: ["switch beaten", "\u21b7", "#0072b2", 5, "another host was quicker"],
  switch_resumed: ["switch resumed", "\u21bb", "#0072b2", 5, "after a restart"],
  switch_done: ["switch done", "\u2713", "#007a58", 4, "the hook reported success"],
  switch_ineffective: ["switch without effect", "\u2260", "#9c3587", 8, "the hook said done, and nothing changed"],
  resume_failed: ["did not go on", "\u2715", "#9c3587", 7, "asked three times"],
  resume: ["asked to go on", "\u25b8", "#0072b2", 3, "keys, or its program started again"],
  resumed: ["goes on", "\u2713", "#007a58", 3, "after it was asked"],
  resume_held: ["not asked", "\u2016", "#7a6a00", 2, "something stands in the way"],
  stopped: ["stands still", "\u25a0", "#a05000", 3, "with an error, for ten minutes"],
  no_agent: ["no agent", "\u25cb", "#a05000", 3, "it has ended, and its shell is left"],
  suspect: ["suspect", "?", "#a86b00", 3, "must be seen again"],
  clear: ["suspicion cleared", "\u2013", "#667788", 2, ""],
  tmux_down: ["tmux down", "\u25be", "#444444", 1, "as the monitor noticed"],
  tmux_up: ["tmux up", "\u25b4", "#444444", 1, "as the monitor noticed"],
  store_down: ["store down", "\u25be", "#444444", 1, "what hosts share cannot be asked"],
  store_up: ["store up", "\u25b4", "#444444", 1, "as the monitor noticed"],
  crash: ["killed", "\u00d7", "#000000", 3, "and started again at once"],
  restart: ["restarted", "\u21ba", "#000000", 2, ""],
  crash_armed: ["to be killed", "\u2020", "#555555", 2, "when it comes to that point"],
  clock_step: ["clock set", "\u00b1", "#555555", 2, "the wall clock is set"],
  damage: ["state damaged", "\u2260", "#a05000", 2, ""],
  unrecognised: ["unrecognised", "\u00bf", "#a86b00", 2, "wording that no rule knows"],
  reset: ["limit ended", "\u25f7", "#007a58", 1, "the reset that its banner names has come"],
  account: ["account", "@", "#7a4a00", 3, "the operator said something about one by hand"],
  stale: ["stale", "s", "#667788", 1, "a banner from before the last switch"],
}));

const UNKNOWN_SPAN = ["?", "var(--ground)", "none", "#123", ""];
const UNKNOWN_MARK = ["?", "?", "#444444", 0, ""];

function spanKind(name) {
  return SPAN_KINDS.get(name) || UNKNOWN_SPAN;
}

function markKind(name) {
  return MARK_KINDS.get(name) || UNKNOWN_MARK;
}

// Strokes over a fill, eight units square.
const PATTERNS = {
  diagonal: "M-2,2 l4,-4 M0,8 l8,-8 M6,10 l4,-4",
  back: "M-2,6 l4,4 M0,0 l8,8 M6,-2 l4,4",
  cross: "M0,0 l8,8 M0,8 l8,-8",
  lines: "M0,2 h8 M0,6 h8",
  bars: "M2,0 v8 M6,0 v8",
  dots: "M1.5,2 h1.6 M5.5,6 h1.6",
};
