#!/usr/bin/env python3
"""An independent model of quotawatch's decisions, to compare the real program with.

It follows section 2 of the design (rules 1-5, amendments A1-A7) and the `seed` pack as literally as
it can, shares no code with the program, and prefers being obvious to being fast.

    reference_model.py FILE.transcript     prints the decisions of one transcript as JSON Lines

All times are integer milliseconds: "steady" ones since the start of the transcript, "wall" ones
since 1970. An interval is half-open everywhere: what lasts until T is over at T.
"""

import functools
import json
import re
import sys
import zoneinfo
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal

MINUTE = 60_000
HOUR = 60 * MINUTE
LONGEST_LIMIT = 32 * 24 * HOUR

# --- The transcript -------------------------------------------------------------------------------

UNIT_MS = {"h": HOUR, "m": MINUTE, "s": 1000, "ms": 1}


def duration_ms(text):
    """'1h30m', '60.5s' -> milliseconds."""
    parts = re.findall(r"([0-9.]+)(ms|h|m|s)", text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise ValueError(f"not a duration: {text!r}")
    return int(sum(Decimal(number) * UNIT_MS[unit] for number, unit in parts))


def instant_ms(text):
    """An RFC 3339 time -> wall milliseconds."""
    return (datetime.fromisoformat(text) - datetime.fromtimestamp(0, timezone.utc)) // timedelta(
        milliseconds=1
    )


@dataclass
class Event:
    """One `@offset word arguments` line with the screen rows below it."""

    offset: int
    word: str
    arguments: list
    rows: list = field(default_factory=list)


@dataclass
class Transcript:
    """What a transcript says will happen; its `expect` lines are not read."""

    headers: dict
    events: list

    @property
    def until(self):
        """The last moment replayed."""
        if "until" in self.headers:
            return duration_ms(self.headers["until"])
        return self.events[-1].offset if self.events else 0


def parse_transcript(text):
    """Header lines, an empty line, then events in order of time."""
    header_text, _, event_text = text.partition("\n\n")
    headers = dict(line.split(" ", 1) for line in header_text.splitlines())
    events = []
    for line in event_text.splitlines():
        if line.startswith("|"):
            events[-1].rows.append(line[1:])
        elif line.startswith("@"):
            offset, word, *arguments = line[1:].split()
            events.append(Event(duration_ms(offset), word, arguments))
    return Transcript(headers, events)


class Config:
    """The part of the production config that decisions depend on, with its defaults."""

    def __init__(self, text):
        document = json.loads(text)
        quota = document.get("quota", {})
        self.poll_interval = duration_ms(quota.get("poll_interval", "30s"))
        self.cooldown = duration_ms(quota.get("reactivate_cooldown", "10m"))
        self.unknown_reset = duration_ms(quota.get("unknown_reset", "1h"))
        self.pool_threshold = quota.get("pool_threshold", 2)
        self.interactive_threshold = quota.get("interactive_threshold", 1)
        self.switch_timeout = duration_ms(document.get("switch", {}).get("timeout", "2m"))
        self.accounts = [account["name"] for account in document.get("accounts", [])]
        self.active_account = document.get("active_account", "")
        pool = document.get("pool", {})
        autonomous = pool.get("autonomous", {})
        prefix = autonomous.get("prefix", "ccl-auto-")
        start = autonomous.get("start_index", 0)
        self.pool = [prefix + str(start + step) for step in range(autonomous.get("max", 0))]
        self.dedicated = [session["name"] for session in pool.get("dedicated", [])]


# --- Reading a screen with the seed pack ----------------------------------------------------------

QUOTA_PATTERNS = [
    "you've hit your limit",
    "rate_limit_error",
    "quota exceeded",
    "usage limit reached",
    "claude pro usage",
    "too many requests",
    "5-hour limit",
]
SERVER_ERROR_PATTERNS = ["api_error", "overloaded_error", "internal server error", "api error: 5"]

# The seed's expression, and after it an optional zone in parentheses.
RESET = re.compile(
    r"resets?\s+(?:at\s+)?"
    r"(?P<text>(?P<hour>[0-9]+)(?::(?P<minute>[0-9]+))?\s*(?P<half>[ap])m"
    r"|in\s+(?P<count>[0-9]+)\s+(?P<unit>minute|hour)s?)"
    r"(?:\s*\((?P<zone>[A-Za-z0-9_+/-]+)\))?",
    re.IGNORECASE | re.ASCII,
)


def judged_block(rows):
    """The last 3 non-blank lines, as one text."""
    return "\n".join([row for row in rows if row.strip()][-3:])


@dataclass(frozen=True)
class Reading:
    """What the seed pack finds in one block."""

    message: tuple  # (matched line, reset text with its zone), or None: no quota pattern
    server_error: bool
    reset: re.Match  # or None


@functools.lru_cache(maxsize=4096)
def read_block(block):
    """Looks for the seed's patterns; nothing is folded but case."""
    lowered = block.lower()
    pattern = next((known for known in QUOTA_PATTERNS if known in lowered), None)
    reset = RESET.search(block)
    message = None
    if pattern is not None:
        line = next(line for line in block.split("\n") if pattern in line.lower())
        message = (line, reset[0][reset.start("text") - reset.start() :] if reset else "")
    server_error = any(known in lowered for known in SERVER_ERROR_PATTERNS)
    return Reading(message, server_error, reset)


# --- Reset times ----------------------------------------------------------------------------------


@functools.cache
def known_zones():
    """The names of all zones this system knows."""
    return zoneinfo.available_timezones()


def local_instant(day, clock_time, zone):
    """A local time as an instant: an ambiguous one is the later, a nonexistent one the gap's end."""
    local = datetime.combine(day, clock_time, zone)
    by_offset_before = int(local.replace(fold=0).timestamp())
    by_offset_after = int(local.replace(fold=1).timestamp())
    if by_offset_before <= by_offset_after:
        return by_offset_after * 1000
    inside, outside = by_offset_after, by_offset_before  # the gap ends in (inside, outside]
    offset_inside = datetime.fromtimestamp(inside, zone).utcoffset()
    while outside - inside > 1:
        middle = (inside + outside) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == offset_inside:
            inside = middle
        else:
            outside = middle
    return outside * 1000


def next_moment(first_seen, clock_time, zone):
    """The first instant strictly after `first_seen` at which clocks in `zone` show `clock_time`."""
    today = datetime.fromtimestamp(first_seen // 1000, zone).date()
    days = (date.fromordinal(today.toordinal() + step) for step in range(-1, 4))
    moments = (local_instant(day, clock_time, zone) for day in days)
    return next(moment for moment in moments if moment > first_seen)


@functools.lru_cache(maxsize=4096)
def reset_instant(reset, first_seen, host_zone):
    """The wall time a reset text means, or None if there is none or it is no possible time."""
    if reset is None:
        return None
    if reset["count"]:
        span = int(reset["count"]) * (HOUR if reset["unit"].lower() == "hour" else MINUTE)
        return first_seen + span if span <= LONGEST_LIMIT else None  # A4
    hour, minute = int(reset["hour"]), int(reset["minute"] or 0)
    if not 1 <= hour <= 12 or minute > 59:
        return None
    clock_time = time(hour % 12 + (12 if reset["half"].lower() == "p" else 0), minute)
    zone_name = reset["zone"] if reset["zone"] in known_zones() else host_zone
    return next_moment(first_seen, clock_time, zoneinfo.ZoneInfo(zone_name))


# --- What the monitor knows -----------------------------------------------------------------------

UNKNOWN = object()  # a capture that failed (A2)
ABSENT = object()  # a session that does not exist: no observation


@dataclass
class Sighting:
    """Since when one screen shows one message, tracked also while it is vetoed or has expired."""

    message: tuple
    first_seen: int  # wall
    switches_under_way: frozenset  # ids in flight or cooling down at the poll of `first_seen`


@dataclass
class Hit:
    """One session that shows exhaustion at this poll."""

    session: str
    fresh: bool
    reset_at: int  # wall, or None


@dataclass
class Suspicion:
    """A confirmed one (after exhausted_everywhere) does not age."""

    since: int  # steady
    confirmed: bool


@dataclass
class Request:
    """A switch that was asked for, and the blocks its sessions showed then (A3)."""

    id: object
    from_account: str
    to_account: str
    reset_at: int  # wall; None if no screen named one
    blocks: dict


@dataclass
class State:
    """What is kept over a restart."""

    active: str
    activations: list  # every account ever active, the latest last (A7)
    limited_until: dict = field(default_factory=dict)  # account -> wall
    requests: int = 0
    in_flight: Request = None
    last_done: Request = None
    last_switch_wall: int = None
    sightings: dict = field(default_factory=dict)  # session -> Sighting
    # session -> the message it had at a switch by hand, where this run has not seen it since
    messages_at_switch: dict = field(default_factory=dict)
    switches_by_hand: int = 0
    everywhere_reported: bool = False


class World:
    """tmux, the switcher and the wall clock, as the transcript directs them."""

    def __init__(self, start):
        self.wall_minus_steady = start
        self.blocks = {}
        self.failing = set()
        self.tmux_is_up = True
        self.switcher = ["ok"]

    def apply(self, event):
        """Lets one event other than `restart` happen."""
        name = event.arguments[0]
        if event.word == "screen":
            self.blocks[name] = judged_block(event.rows)
            self.failing.discard(name)
        elif event.word == "gone":
            self.blocks.pop(name, None)
            self.failing.discard(name)
        elif event.word == "fail":
            self.failing.add(name)
        elif event.word == "tmux":
            self.tmux_is_up = name == "up"
        elif event.word == "switcher":
            self.switcher = event.arguments
        elif event.word == "clock":
            sign = {"+": 1, "-": -1}[name[0]]
            self.wall_minus_steady += sign * duration_ms(name[1:])
        else:
            raise ValueError(f"unknown event: {event.word!r}")

    def capture(self, session):
        """The block a session shows, UNKNOWN or ABSENT."""
        if not self.tmux_is_up or session in self.failing:
            return UNKNOWN
        return self.blocks.get(session, ABSENT)

    def switch_result(self, timeout):
        """(how long a switch started now takes, whether it succeeds)."""
        how, *arguments = self.switcher
        if how == "fail":
            return 0, False
        delay = duration_ms(arguments[0]) if how == "ok" and arguments else 0
        if how == "hang" or delay > timeout:
            return timeout, False
        return delay, True


# --- The decisions --------------------------------------------------------------------------------


class Monitor:
    """Rules 1-5 with their amendments. `paths` counts the ways taken that are no decisions."""

    def __init__(self, transcript):
        self.config = Config(transcript.headers["config"])
        self.host_zone = transcript.headers["timezone"]
        self.world = World(instant_ms(transcript.headers["start"]))
        active = self.config.active_account
        self.state = State(active, [active])
        self.now = 0
        self.decisions = []
        self.paths = Counter()
        self.start_run()

    def start_run(self):
        """What only lives as long as the process; the first poll comes one interval after it."""
        self.suspicion = None
        self.last_blocks = {}  # session -> what it showed last
        self.failures = 0
        self.retry_at = 0
        self.last_switch = None
        self.switch_end = None
        self.next_poll = self.now + self.config.poll_interval

    @property
    def wall(self):
        """The wall time now."""
        return self.now + self.world.wall_minus_steady

    def report(self, event, **fields):
        """Adds a decision; `from_account` and the like become the journal's `from`."""
        names = {"from_account": "from", "to_account": "to"}
        named = {names.get(name, name): value for name, value in fields.items()}
        self.decisions.append({"offset_ms": self.now, "event": event, **named})

    # Restarts, and the end of a switch (A1, A6)

    def restart(self):
        """Starts again from the saved state: wall time says how much of the cooldown is over."""
        self.start_run()
        if self.state.last_switch_wall is not None:
            self.last_switch = self.now - max(0, self.wall - self.state.last_switch_wall)
        if self.state.in_flight is not None:
            self.report_request("switch_resumed", self.state.in_flight)
            self.start_switcher()

    def report_request(self, event, request):
        """A decision that is about one request."""
        self.report(event, from_account=request.from_account, to_account=request.to_account)

    def start_switcher(self):
        """Starts the hook of the request in flight."""
        delay, self.switch_succeeds = self.world.switch_result(self.config.switch_timeout)
        self.switch_end = self.now + delay

    def end_switch_if_due(self):
        """A1: only the switcher's report ends the flight."""
        if self.switch_end != self.now:
            return
        request = self.state.in_flight
        self.state.in_flight = None
        self.switch_end = None
        if self.switch_succeeds:
            self.report_request("switch_done", request)
            self.failures = 0
            self.last_switch = self.now
            self.state.last_switch_wall = self.wall
            self.state.last_done = request
            self.state.messages_at_switch.clear()
            self.state.active = request.to_account
            self.state.activations.append(request.to_account)
        else:
            self.report_request("switch_failed", request)
            backoff = self.config.poll_interval * 2**self.failures
            self.retry_at = self.now + min(backoff, self.config.cooldown)
            self.failures += 1

    def cooling_down(self):
        """Whether the cooldown of the last done switch is running."""
        return self.last_switch is not None and self.now - self.last_switch < self.config.cooldown

    # What the operator says

    def obey(self, verb, account):
        """`account free NAME` and `account use NAME`; what makes no sense changes nothing."""
        if account not in self.config.accounts:
            return
        if verb == "free":
            if self.state.limited_until.pop(account, None) is not None:
                self.report("account", account=account, reason="free")
            return
        left = self.state.active
        if self.state.in_flight is not None or account == left:
            return
        self.report("account", account=account, reason="use", from_account=left)
        self.state.switches_by_hand += 1
        self.state.last_done = Request(
            f"hand {self.state.switches_by_hand}",
            left,
            account,
            self.state.limited_until.get(left),
            dict(self.last_blocks),
        )
        self.state.messages_at_switch = {
            session: sighting.message
            for session, sighting in self.state.sightings.items()
            if session not in self.last_blocks
        }
        self.state.active = account
        self.state.activations.append(account)
        self.last_switch = self.now
        self.state.last_switch_wall = self.wall
        self.failures = 0
        self.retry_at = 0
        self.suspicion = None
        self.state.everywhere_reported = False

    # One poll

    def poll(self):
        """Rule 1: screens are always looked at, but decided upon only when nothing is waited for."""
        self.next_poll += self.config.poll_interval
        sessions = self.config.pool + self.config.dedicated
        captures = {session: self.world.capture(session) for session in sessions}
        blocks = {name: found for name, found in captures.items() if isinstance(found, str)}
        for session, capture in captures.items():
            if capture is ABSENT:  # A3: what it shows when it is back is a new occurrence
                self.state.sightings.pop(session, None)
        self.remember(blocks)
        self.last_blocks.update(blocks)
        unknown = {name for name, found in captures.items() if found is UNKNOWN}
        if self.state.in_flight is not None:
            self.paths["skip pending"] += 1
        elif self.now < self.retry_at:
            self.paths["skip backoff"] += 1
        elif self.cooling_down():
            self.paths["skip cooldown"] += 1
        else:
            self.decide(blocks, unknown)

    def remember(self, blocks):
        """A3: keeps since when messages are shown; forgets blocks at asking time once they change."""
        under_way = set()
        if self.state.in_flight is not None:
            under_way.add(self.state.in_flight.id)
        if self.cooling_down():
            under_way.add(self.state.last_done.id)
        for session, block in blocks.items():
            for request in (self.state.in_flight, self.state.last_done):
                if request is not None and request.blocks.get(session) != block:
                    request.blocks.pop(session, None)
            message = read_block(block).message
            then = self.state.messages_at_switch.pop(session, None)
            if then is not None and then == message:
                self.state.last_done.blocks[session] = block
            sighting = self.state.sightings.get(session)
            if message is None:
                self.state.sightings.pop(session, None)
            elif sighting is None or sighting.message != message:
                self.state.sightings[session] = Sighting(message, self.wall, frozenset(under_way))

    def find_hit(self, session, block):
        """Rule 2: the hit on one screen, or None."""
        reading = read_block(block)
        if reading.message is None:
            return None
        if reading.server_error:
            self.paths["vetoed by a server error"] += 1
            return None
        sighting = self.state.sightings[session]
        reset_at = reset_instant(reading.reset, sighting.first_seen, self.host_zone)
        if reset_at is not None and self.wall >= reset_at:
            self.paths["expired"] += 1
            return None
        return Hit(session, not self.is_stale(session, block, sighting, reset_at), reset_at)

    def is_stale(self, session, block, sighting, reset_at):
        """A3: an old block, or a late banner of the account just left."""
        last_done = self.state.last_done
        if last_done is None:
            return False
        if last_done.blocks.get(session) == block:
            self.paths["stale: block shown at the asking"] += 1
            return True
        known = last_done.reset_at is not None and reset_at == last_done.reset_at
        if last_done.id in sighting.switches_under_way and known:
            self.paths["stale: late banner"] += 1
            return True
        return False

    def decide(self, blocks, unknown):
        """Rules 2-4."""
        # A2: old suspicion is forgotten before the evidence is weighed.
        if self.suspicion is not None and not self.suspicion.confirmed:
            if self.now - self.suspicion.since > 3 * self.config.poll_interval:
                self.paths["suspicion too old"] += 1
                self.forget_suspicion()

        hits = [hit for name, block in blocks.items() if (hit := self.find_hit(name, block))]
        pool = [hit for hit in hits if hit.session in self.config.pool]
        interactive = [hit for hit in hits if hit.session in self.config.dedicated]
        blocked = is_blocked(pool, self.config.pool_threshold) or is_blocked(
            interactive, self.config.interactive_threshold
        )
        if not blocked:
            self.below_thresholds(bool(unknown))
            return

        fresh = [hit for hit in hits if hit.fresh]
        # A4: of several fresh hits the latest instant wins.
        reset_at = max((hit.reset_at for hit in fresh if hit.reset_at is not None), default=None)
        counts = {"session": fresh[0].session, "pool": len(pool), "interactive": len(interactive)}
        if reset_at is None and self.suspicion is None:
            self.report("suspect", **counts)
            self.suspicion = Suspicion(self.now, confirmed=False)
        else:
            # A3: a session that cannot be seen at the asking shows what it showed last.
            unseen = {name: self.last_blocks[name] for name in unknown & self.last_blocks.keys()}
            self.confirmed_hit(reset_at, counts, blocks | unseen)

    def below_thresholds(self, some_unknown):
        """Rule 3; A2: with an unknown this poll says nothing."""
        if some_unknown:
            self.paths["below thresholds with an unknown"] += 1
            return
        self.state.everywhere_reported = False
        if self.suspicion is not None:
            self.forget_suspicion()

    def forget_suspicion(self):
        """Reported, unlike the forgetting that a switch brings."""
        self.report("clear")
        self.suspicion = None

    def confirmed_hit(self, reset_at, counts, blocks):
        """Rule 5 and A7."""
        left = self.state.active
        limit_end = self.wall + self.config.unknown_reset if reset_at is None else reset_at
        self.state.limited_until[left] = limit_end
        chosen = self.choose_account()
        if chosen is None:
            self.exhausted_everywhere(counts)
            return
        self.report("switch", from_account=left, to_account=chosen, reset_at=reset_at, **counts)
        self.suspicion = None
        self.state.everywhere_reported = False
        self.state.requests += 1
        self.state.in_flight = Request(self.state.requests, left, chosen, reset_at, blocks)
        self.start_switcher()

    def others(self):
        """All accounts but the active one, in config order."""
        return [name for name in self.config.accounts if name != self.state.active]

    def choose_account(self):
        """A7: the free account never or longest ago active; "" without accounts; None if none."""
        if not self.config.accounts:
            return ""
        free = [name for name in self.others() if self.limit_end(name) <= self.wall]
        return min(free, key=self.last_activation, default=None)

    def limit_end(self, account):
        """The wall time from which an account is free again."""
        return self.state.limited_until.get(account, self.wall)

    def last_activation(self, account):
        """The place of an account's latest activation in their order; -1 if there was none."""
        places = [place for place, name in enumerate(self.state.activations) if name == account]
        return places[-1] if places else -1

    def exhausted_everywhere(self, counts):
        """A7: reported once; suspicion stays confirmed."""
        self.suspicion = Suspicion(self.now, confirmed=True)
        if self.state.everywhere_reported:
            self.paths["exhausted everywhere, already reported"] += 1
            return
        self.state.everywhere_reported = True
        candidates = self.others() or [self.state.active]
        retry_at = min(self.limit_end(name) for name in candidates)
        self.report(
            "exhausted_everywhere",
            from_account=self.state.active,
            retry_at=retry_at,
            pool=counts["pool"],
            interactive=counts["interactive"],
        )


def is_blocked(hits, threshold):
    """Rule 3: enough sessions show a hit, and one of these is fresh."""
    return len(hits) >= threshold and any(hit.fresh for hit in hits)


# --- Replay ---------------------------------------------------------------------------------------


def replay(text):
    """Runs a transcript; the Monitor returned holds its `decisions` and `paths`.

    The order at one moment: a switch's end, the events (each followed by the end of a switch it
    resumed), the poll, and the end of a switch that takes no time.
    """
    transcript = parse_transcript(text)
    monitor = Monitor(transcript)
    events = list(transcript.events)
    while True:
        due = [monitor.next_poll]
        if events:
            due.append(events[0].offset)
        if monitor.switch_end is not None:
            due.append(monitor.switch_end)
        if min(due) > transcript.until:
            return monitor
        monitor.now = min(due)
        monitor.end_switch_if_due()
        while events and events[0].offset == monitor.now:
            event = events.pop(0)
            if event.word == "restart":
                monitor.restart()
            elif event.word == "account":
                monitor.obey(*event.arguments)
            else:
                monitor.world.apply(event)
            monitor.end_switch_if_due()
        if monitor.next_poll == monitor.now:
            monitor.poll()
        monitor.end_switch_if_due()


def main():
    """Prints the decisions of the transcript named on the command line."""
    if len(sys.argv) != 2:
        sys.exit("usage: reference_model.py FILE.transcript")
    with open(sys.argv[1], encoding="utf-8") as file:
        text = file.read()
    for decision in replay(text).decisions:
        print(json.dumps(decision))


if __name__ == "__main__":
    main()
