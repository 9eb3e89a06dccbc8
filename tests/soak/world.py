"""Everything that runs during a soak, and what is known of it at each moment."""
import collections
import datetime
import json
import os
import pathlib
import time

from truth import SETTLE, Truth
from typed import Typed

TICK = 0.02
CONFIG = {
    "quota": {"poll_interval": "300ms", "reactivate_cooldown": "3s", "unknown_reset": "6s"},
    "tmux": {"timeout": "1s"},
    "switch": {"timeout": "2s"},
    "resume": {"how": "type", "settle": "100ms", "quiet": "1s", "patience": "1500ms", "spacing": "50ms"},
    "state": {"path": "state/state.json"},
}
POLL, COOLDOWN = 0.3, 3.0
# If nothing prevents a switch, one must come within this time: the first poll of a new life and two
# more, drawing, and some time for a busy machine.
PATIENCE = 3 * POLL + SETTLE + 4.0
# From the request to the end of the hook, however it ends: its timeout, the grace period, and a
# little more.
HOOK_PATIENCE = 2.0 + 2.0 + 4.0

# A session that stands still with nothing in its way is asked within this time: the patience after an
# attempt that came to nothing, two polls, and some time for a busy machine; and this for each session
# that stands still, for its turn.
RESUME_PATIENCE = 1.5 + 4 * POLL + SETTLE + 4.0
RESUME_TURN = 0.6


def parse_time(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


class World:
    def __init__(self, folder, fleet, monitor, pool, dedicated, accounts):
        self.folder = pathlib.Path(folder)
        self.fleet, self.monitor, self.accounts = fleet, monitor, accounts
        self.truth = Truth(pool, dedicated, {"pool_threshold": 2, "interactive_threshold": 1})
        self.counts = collections.Counter()
        self.violations = []
        self.exhaustion = None  # the one that must lead to a switch
        self.delays, self.totals = [], []
        self.journal = open(self.folder / "journal.jsonl", encoding="utf-8", errors="replace")
        self.half_line = ""
        self.resets = {}  # by id: the reset named by the switch
        self.state = None
        self.state_stamp = None
        self.disk_full = False
        self.hindered_at = 0.0  # the last moment at which something prevented a switch
        self.agents = {}  # by session: the program that it shows
        self.left_alone = set()  # sessions that nobody asks to go on
        self.on_keys = None
        self.resume_hindered_at = 0.0  # the last moment at which something kept the monitor from typing
        self.in_flight = None  # id and time of the request, from the journal
        self.wait_until = 0.0  # cooldown or backoff
        self.plans = []  # planned actions: when, and what
        self.on_death = None
        self.trace = open(self.folder / "trace.log", "w", encoding="utf-8")
        self.typed = Typed(self, self.folder)

    def say(self, text):
        self.trace.write(f"{time.time():.3f} {text}\n")

    def violate(self, kind, text):
        self.violations.append((kind, text))
        self.say(f"VIOLATION {kind}: {text}")
        self.trace.flush()
        print(f"violation: {kind}: {text}", flush=True)

    # Time goes on.

    def plan(self, at, action):
        self.plans.append((at, len(self.plans), action))
        self.plans.sort(key=lambda plan: plan[:2])

    def run_until(self, moment, done=lambda: False):
        while time.time() < moment and not done():
            self.tick()
            time.sleep(TICK)

    def tick(self):
        now = time.time()
        while self.plans and self.plans[0][0] <= now:
            self.plans.pop(0)[2]()
        self._reap()
        self.fleet.flush()
        self.truth.settle(self.fleet.up(), time.time())
        self.follow()
        self._read_state()
        self.typed.follow()
        if self.hindrance():
            self.hindered_at = time.time()
        if self.resume_hindrance():
            self.resume_hindered_at = time.time()

    def _reap(self):
        death = self.monitor.find_death()
        if death:
            self.follow()
            self._count_death(death)
            self.typed.expect_nothing()
            self.on_death()
        self._reap_orphans()

    # We reap orphaned hooks and servers; the monitor is left to find_death().
    def _reap_orphans(self):
        for _ in range(20):
            try:
                ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            except ChildProcessError:
                return
            process = self.monitor.process
            if ended is None or (process and ended.si_pid == process.pid):
                return
            os.waitpid(ended.si_pid, os.WNOHANG)

    def _count_death(self, death):
        self.counts["monitor kills"] += 1
        self.say(f"life {death.life} ends {death.point} {death.by_itself}")
        if death.by_itself and self.disk_full and "No space left on device" in death.by_itself:
            self.counts["starts on a full disk"] += 1  # refused, and tried again like a service
        elif death.by_itself:
            self.violate("crash", f"life {death.life} ended by itself, {death.by_itself}")
        elif death.point:
            self.counts["at " + death.point] += 1
            self.counts["kills at named points"] += 1
        else:
            self.counts["kills at random"] += 1

    # What is known.

    def outage(self):
        """Why the monitor can do nothing at all; empty if it can."""
        if not self.monitor.up():
            return "the monitor is down"
        if not self.fleet.up():
            return "tmux is down"
        return "the disk is full" if self.disk_full else ""

    def resume_hindrance(self):
        """What keeps the monitor from asking sessions to go on."""
        if self.monitor.stopped or self.fleet.stopped:
            self.typed.note_standstill(time.time())
        if outage := self.outage():
            return outage
        if self.in_flight:
            return "a switch is under way"
        return "the account in use is limited" if self.is_active_limited() else ""

    def is_active_limited(self):
        if self.state is None:
            return False
        until = self.state["limited_until"].get(self.state["active_account"])
        return until is not None and parse_time(until) > time.time()

    def hindrance(self):
        """What stands in the way of a switch that is due; empty if nothing does."""
        now = time.time()
        if outage := self.outage():
            return outage
        if now < self.wait_until:
            return "cooldown or backoff"
        return "" if self.has_free_account() else "every account is limited"

    def has_free_account(self):
        if self.state is None:
            return True
        now = time.time()
        limited = {name for name, until in self.state["limited_until"].items()
                   if parse_time(until) > now}
        active = self.state["active_account"]
        return any(name not in limited and name != active for name in self.accounts)

    def active_account(self):
        """The account truly in use: the last that the hook switched to."""
        path = self.folder / "account"
        return path.read_text(encoding="utf-8").strip() if path.exists() else self.accounts[0]

    def _read_state(self):
        try:
            status = os.stat(self.monitor.state_path)
        except FileNotFoundError:
            return
        stamp = (status.st_mtime_ns, status.st_ino)
        if stamp == self.state_stamp:
            return
        self.state_stamp = stamp
        self.state = json.loads(self.monitor.saved())
        self.typed.note_state(self.state, parse_time)
        self._note_done_without_line()

    def _note_done_without_line(self):
        done = self.state.get("last_switch")
        if done and self.exhaustion and not self.exhaustion.done:
            at = parse_time(done["done_at"])
            if done["from"] == self.exhaustion.account and at > self.exhaustion.shown_at:
                reset_at = done.get("reset_at")
                self._switch_done(done, at, parse_time(reset_at) if reset_at else None)

    # The journal.

    def follow(self):
        self.half_line += self.journal.read()
        *lines, self.half_line = self.half_line.split("\n")
        for line in lines:
            try:
                event = json.loads(line)
            except ValueError:
                continue  # truncated by a kill; check_lives counts these
            self._take(event, parse_time(event["at"]))

    def _take(self, event, at):
        kind = event["event"]
        self.counts["journal " + kind] += 1
        if kind == "verdict":
            self.truth.verdict(event["session"], event.get("verdict", ""), at)
        elif kind == "switch":
            self._switch_asked(event, at)
        elif kind == "resume":
            self.typed.note_resume(event, at)
        elif kind == "resumed":
            self.typed.note_resumed(event["session"], at)
        elif kind == "switch_resumed":
            self.in_flight = (event["id"], at)
        elif kind == "switch_done":
            reset_at = self.resets.pop(event["id"], None)
            self._switch_done(event, at, reset_at)
        elif kind == "switch_failed":
            self.in_flight = None
            if "retry_at" in event:
                self.wait_until = parse_time(event["retry_at"])

    def _switch_asked(self, event, at):
        self.say(f"switch asked {json.dumps(event)}")
        self.typed.expect_nothing()
        self.in_flight = (event["id"], at)
        if "reset_at" in event:
            self.resets[event["id"]] = parse_time(event["reset_at"])
        self.truth.switch_asked(event, at)
        if not self.truth.may_switch(at):
            self.violate("false switch", f"nothing true supports {json.dumps(event)}")
        exhaustion = self.exhaustion
        if not exhaustion or exhaustion.account != event["from"]:
            self.counts["switches in doubt"] += 1
        elif exhaustion.asked_at is None:
            exhaustion.asked_at = at
            since = max(exhaustion.shown_at, min(self.hindered_at, at))
            self.delays.append(at - since)

    def _switch_done(self, event, at, reset_at):
        self.say(f"switch done {event['id']} {event['from']} {event['to']}")
        self.in_flight = None
        self.wait_until = at + COOLDOWN
        self.truth.switch_done(event, reset_at, at, COOLDOWN)
        exhaustion = self.exhaustion
        if exhaustion and not exhaustion.done and exhaustion.account == event["from"]:
            exhaustion.done = True
            self.counts["exhaustions acted on"] += 1
            self.totals.append(at - exhaustion.shown_at)
