#!/usr/bin/env python3
"""Random transcripts without expectations, for comparing quotawatch with the reference model.

    random_transcripts.py --seed N --count M --out FOLDER

Each transcript first draws its own knobs (fleet, config, how often each kind of event happens), then
its events; moments and durations are drawn close to the boundaries the rules have. The same seed
gives the same files everywhere.
"""

import argparse
import json
import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE

# --- Times and zones ------------------------------------------------------------------------------

PLAIN_ZONES = ["UTC", "Europe/Paris", "America/New_York", "Asia/Kolkata", "America/St_Johns"]

# Moments in 2026 at which the zone's clocks are set forward or back.
CLOCK_CHANGES = [
    ("Europe/Paris", "2026-03-29T01:00:00Z"),
    ("Europe/Paris", "2026-10-25T01:00:00Z"),
    ("America/New_York", "2026-03-08T07:00:00Z"),
    ("America/New_York", "2026-11-01T06:00:00Z"),
    ("Australia/Lord_Howe", "2026-04-04T15:00:00Z"),
    ("Australia/Lord_Howe", "2026-10-03T15:30:00Z"),
    ("Asia/Beirut", "2026-03-28T22:00:00Z"),
    ("Asia/Beirut", "2026-10-24T21:00:00Z"),
    ("America/Santiago", "2026-04-05T03:00:00Z"),
    ("America/Santiago", "2026-09-06T04:00:00Z"),
]

# How far from a boundary something happens.
OFF_BY = [0, 0, 0, 0, -1, 1, -SECOND, SECOND]


def duration_text(milliseconds):
    """60500 -> '60.5s'."""
    seconds, rest = divmod(milliseconds, SECOND)
    fraction = f".{rest:03}".rstrip("0") if rest else ""
    return f"{seconds}{fraction}s"


def random_start(source):
    """(start of the transcript, zone of the host), often a little before a clock change."""
    seconds = source.choice([0, 0, 30, source.randrange(60)])
    if source.random() < 0.4:
        zone, change = source.choice(CLOCK_CHANGES)
        start = datetime.fromisoformat(change) - timedelta(minutes=source.randrange(-90, 26 * 60))
    else:
        zone = source.choice(PLAIN_ZONES)
        start = datetime(2026, 1, 1, tzinfo=timezone.utc)
        start += timedelta(minutes=source.randrange(365 * 24 * 60))
    return start.replace(second=seconds), zone


# --- Screens --------------------------------------------------------------------------------------

# `{reset}` is where a reset time is put when there is one. No two differ in case only.
BANNERS = [
    "You've hit your limit{reset}",
    "YOU'VE HIT YOUR LIMIT FOR NOW{reset}",
    '429 {{"type":"rate_limit_error"}}{reset}',
    "Error: Quota exceeded for this key{reset}",
    "Claude AI usage limit reached{reset}",
    "See your Claude Pro usage{reset}",
    "HTTP 429 Too Many Requests{reset}",
    "  You have used up your 5-hour limit{reset}",
    "5-hour limit: rate_limit_error{reset}",
]
SERVER_ERRORS = [
    '{"type":"api_error","message":"try again"}',
    '{"type":"overloaded_error"}',
    "500 Internal Server Error",
    "API Error: 529 please wait",
]
HEALTHY_LINES = [
    "> go on",
    "All 42 tests passed.",
    "The rate limit of the upload is 5 MB/s",
    "You\u2019ve hit your limit",  # a curly quote: the seed does not fold it
    "quota is exceeded",
    "API Error: 429",
    "The counter resets 8pm",
    "? for shortcuts",
]
NO_ZONE = "Mars/Olympus"
IMPOSSIBLE_TIMES = ["13pm", "0am", "8:75pm"]
TIMES_OF_CLOCK_CHANGES = ["12am", "12:15am", "1am", "1:30am", "1:45am", "2am", "2:15am", "2:30am"]
WORKING = "* Working "


@dataclass(frozen=True)
class Screen:
    """Rows above the judged block, the block's rows, and blank rows below it."""

    above: tuple
    block: tuple
    blank_rows: int

    def rows(self):
        """All rows as tmux would give them."""
        return [*self.above[-20:], *self.block, *[""] * self.blank_rows]


def working_line(source):
    """A line that changes all the time, and at times speaks of a limit as well."""
    return f"{WORKING}{source.randrange(100)}s{source.choice(['', '', ' (5-hour limit)'])}"


HEALTHY_SCREEN = Screen((), ("> go on",), 0)


def random_clock_text(source, wall, zone):
    """A clock time, mostly near the wall time now, as a banner in `zone` would write it."""
    if source.random() < 0.2:
        return source.choice(TIMES_OF_CLOCK_CHANGES)
    minutes = source.choice([-60, -1, 0, 1, 1, 2, 3, 5, 10, 20, 45, 90, 300, 1439])
    moment = (wall + timedelta(minutes=minutes)).astimezone(ZoneInfo(zone))
    if source.random() < 0.3:
        moment = moment.replace(minute=source.choice([0, 30]))
    half = source.choice(["{}am", "{}am", "{} AM"] if moment.hour < 12 else ["{}pm", "{}pm", "{} PM"])
    hour = moment.hour % 12 or 12
    if moment.minute == 0 and source.random() < 0.8:
        return half.format(hour)
    return half.format(f"{hour}:{moment.minute:02}")


def random_reset(source, wall, host_zone):
    """A reset text with what stands before it, such as ' · resets 8pm (Europe/Paris)'."""
    introduction = source.choice([" · resets ", ". Resets at ", " - reset ", " · resets at "])
    kind = source.random()
    if kind < 0.2:
        count, unit = source.choice([(0, "minutes"), (1, "minute"), (5, "minutes"), (1, "hour"), (2, "hours"), (768, "hours"), (769, "hours")])
        return f" · resets in {count} {unit}"
    if kind < 0.25:
        return introduction + source.choice(IMPOSSIBLE_TIMES)
    if kind < 0.6:
        return introduction + random_clock_text(source, wall, host_zone)
    if kind < 0.62:
        return f"{introduction}{random_clock_text(source, wall, host_zone)} ({NO_ZONE})"
    zone = source.choice(PLAIN_ZONES + [host_zone] * 3)
    return f"{introduction}{random_clock_text(source, wall, zone)} ({zone})"


def random_banner(source, reset):
    """The lines of one message, with its reset time ('' for none) on some line of it."""
    template = source.choice(BANNERS)
    layout = source.random()
    if not reset or layout < 0.7:
        return [template.format(reset=reset)]
    if layout < 0.8:
        return [template.format(reset=""), "  " + reset.strip(" .·-")]
    if layout < 0.9:
        return [reset.strip(" .·-"), template.format(reset="")]
    words, _, last = template.format(reset=reset).rpartition(" ")
    return [words, "   " + last]


def random_screen(source, message):
    """A screen whose block holds the message's lines and healthy ones around them."""
    block = list(message)
    for _ in range(source.randrange(0, 4 - len(message))):
        line = source.choice([*HEALTHY_LINES, working_line(source)])
        block.insert(source.choice([0, len(block)]), line)
    above = []
    if len(block) == 3:
        above = [source.choice(HEALTHY_LINES) for _ in range(source.randrange(4))]
    if len(above) >= 1 and source.random() < 0.3:
        above[-1] = source.choice([*SERVER_ERRORS, "You've hit your limit · resets 9pm"])
    if source.random() < 0.15:
        block.insert(source.randrange(len(block) + 1), "   ")
    return Screen(tuple(above), tuple(block), source.choice([0, 0, 1, 5]))


def touched_above(source, screen):
    """Something changes above the block; what stands in the block stays."""
    return replace(screen, above=(*screen.above, working_line(source)))


def touched_within(source, screen):
    """A changing line in the block changes, or a new one comes and the block scrolls up."""
    changed = working_line(source)
    for place, line in enumerate(screen.block):
        if line.startswith(WORKING):
            return replace(screen, block=(*screen.block[:place], changed, *screen.block[place + 1 :]))
    lines = (*screen.block, changed)
    return replace(screen, above=screen.above + lines[:-3], block=lines[-3:])


def vetoed(source, screen):
    """A server error joins the block."""
    lines = (source.choice(SERVER_ERRORS), *screen.block[-2:])
    return replace(screen, block=lines)


# --- Configs --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Knobs:
    """What one transcript drew for the whole of its length."""

    start: datetime
    zone: str
    length: int
    sessions: list
    interval: int
    cooldown: int
    timeout: int
    delays: list
    weights: dict  # of the kinds of events
    accounts: list


def random_cooldown(source, interval):
    """From one interval to 20 minutes, on the poll grid or just beside it."""
    near_grid = interval * source.choice([1, 2, 3, 5, 10]) + source.choice([0, 0, 0, -SECOND, SECOND])
    cooldown = source.choice([near_grid, near_grid, 10 * MINUTE, source.randrange(1, 1201) * SECOND])
    return min(max(cooldown, interval), 20 * MINUTE)


def random_config(source, interval, cooldown, timeout):
    """(config document, names of the watched sessions)."""
    pool_size = source.choice([0, 1, 2, 2, 3, 4])
    prefix = source.choice(["ccl-auto-", "ccl-auto-", "agent-"])
    start_index = source.choice([0, 1, 9])
    dedicated = ["main", "review"][: source.randrange(3)]
    autonomous = {"prefix": prefix, "start_index": start_index, "max": pool_size}
    quota = {
        "poll_interval": duration_text(interval),
        "reactivate_cooldown": duration_text(cooldown),
        "pool_threshold": source.choice([1, 2, 2, 3]),
        "interactive_threshold": source.choice([1, 1, 2]),
        "unknown_reset": source.choice(["30s", "5m", "20m", "1h", "1h30m"]),
    }
    for key in list(quota):
        if key not in ("poll_interval", "reactivate_cooldown") and source.random() < 0.3:
            del quota[key]
    config = {
        "pack": "seed",
        "quota": quota,
        "pool": {"autonomous": autonomous, "dedicated": [{"name": name} for name in dedicated]},
        "switch": {"timeout": duration_text(timeout)},
    }
    accounts = ["a", "b", "c", "d"][: source.choice([0, 1, 2, 2, 3, 4])]
    if accounts:
        config["accounts"] = [{"name": name} for name in accounts]
        config["active_account"] = source.choice(accounts)
    return config, [f"{prefix}{start_index + step}" for step in range(pool_size)] + dedicated


def random_knobs(source):
    """(knobs, config document)."""
    interval = source.choice([10, 15, 20, 30, 30, 45, 60, source.randrange(10, 61)]) * SECOND
    cooldown = random_cooldown(source, interval)
    timeout = source.choice([SECOND, interval - SECOND, interval, *[2 * MINUTE] * 3])
    boundaries = [timeout, interval, 2 * interval, 3 * interval, cooldown]
    delays = [0, 0, 1, 5 * SECOND, *[source.choice(boundaries) + source.choice(OFF_BY) for _ in range(4)]]
    config, sessions = random_config(source, interval, cooldown, timeout)
    weights = {kind: source.choice([0, 1, 2, 5]) for kind in Director.KINDS}
    weights["exhaust"] = source.choice([3, 6, 10])
    if source.random() < 0.5:
        weights["restart"] = weights["tmux"] = weights["fail"] = 0
    if source.random() < 0.5 or "accounts" not in config:
        weights["account"] = 0
    start, zone = random_start(source)
    length = source.choice([source.randrange(2, 10), source.randrange(10, 60), source.randrange(60, 300)])
    knobs = Knobs(
        start, zone, length * MINUTE, sessions, interval, cooldown, timeout, delays, weights,
        [account["name"] for account in config.get("accounts", [])],
    )
    return knobs, config


# --- Events ---------------------------------------------------------------------------------------


class Director:
    """Writes the events of one transcript, in order of time."""

    KINDS = [
        "exhaust", "spread", "heal", "single", "touch", "veto", "restore",
        "gone", "fail", "tmux", "switcher", "clock", "restart", "account",
        "excursion", "blackout", "restart_in_flight", "account_change", "late_banners",
    ]  # fmt: skip

    def __init__(self, source, knobs):
        self.source = source
        self.knobs = knobs
        self.now = 0
        self.grid_start = 0  # polls come whole intervals after it
        self.clock_shift = 0
        self.tmux_is_up = True
        self.reset = ""  # of the newest exhaustion
        self.exhausted_at = 0
        self.screens = {}
        self.lines = []

    def write(self):
        """All events, as lines."""
        kinds = list(self.knobs.weights)
        weights = list(self.knobs.weights.values())
        for session in self.knobs.sessions:
            if self.source.random() < 0.9:
                self.show(session, random_screen(self.source, []))
        while self.now <= self.knobs.length and len(self.lines) < 600:
            for _ in range(self.source.choice([1, 1, 1, 2, 4])):
                kind = self.source.choices(kinds, weights)[0]
                getattr(self, kind)()
            self.advance()
        return self.lines

    def advance(self):
        """Moves on to a moment at, or just beside, a boundary of the rules; or to any moment."""
        interval, cooldown = self.knobs.interval, self.knobs.cooldown
        next_poll = self.now + interval - (self.now - self.grid_start) % interval
        poll_after_exhaustion = self.exhausted_at + interval
        switch_end = poll_after_exhaustion + self.source.choice(self.knobs.delays)
        anchor = self.source.choice(
            [
                next_poll,
                next_poll,
                next_poll + interval * self.source.randrange(1, 6),
                self.now + 3 * interval,
                switch_end,
                switch_end + cooldown,
                self.now + cooldown,
                self.now + self.source.randrange(5 * interval),
                self.now + self.source.randrange(self.knobs.length // 8),
            ]
        )
        self.now = max(self.now, anchor + self.source.choice(OFF_BY))

    def add(self, text):
        """One event line at this moment."""
        self.lines.append(f"@{duration_text(self.now)} {text}")

    def show(self, session, screen):
        """A `screen` event."""
        self.screens[session] = screen
        self.add(f"screen {session} 100x36")
        self.lines.extend("|" + row for row in screen.rows())

    def wall(self):
        """The wall time now."""
        return self.knobs.start + timedelta(milliseconds=self.now + self.clock_shift)

    def some_sessions(self):
        """At times all watched sessions, at times a few of them."""
        sessions = self.knobs.sessions
        if self.source.random() < 0.5:
            return sessions
        return self.source.sample(sessions, self.source.randrange(len(sessions) + 1))

    def any_session(self):
        """One watched session, or rarely one that nobody watches."""
        return self.source.choice([*self.knobs.sessions * 4, "stranger"])

    def wait(self, duration):
        """Moves on by about a duration."""
        self.now += max(0, duration + self.source.choice(OFF_BY))

    def wait_for_poll(self):
        """Moves on to the next poll at this moment or after it, or to just beside it."""
        interval = self.knobs.interval
        self.wait((self.grid_start - self.now) % interval)

    # One method for each of KINDS; the last five take some time

    def exhaust(self):
        """The account runs out: sessions show a banner, mostly with one reset time."""
        self.reset = ""
        if self.source.random() < 0.6:
            self.reset = random_reset(self.source, self.wall(), self.knobs.zone)
        self.exhausted_at = self.now
        self.spread()

    def spread(self):
        """More sessions show the newest exhaustion."""
        for session in self.some_sessions():
            reset = self.reset if self.source.random() < 0.9 else ""
            self.show(session, random_screen(self.source, random_banner(self.source, reset)))

    def heal(self):
        """Sessions go on working."""
        for session in self.some_sessions():
            self.show(session, random_screen(self.source, []))

    def single(self):
        """One session shows a message of its own, or two at once, or a blank screen."""
        reset = random_reset(self.source, self.wall(), self.knobs.zone)
        message = random_banner(self.source, reset)
        screen = self.source.choice(
            [
                random_screen(self.source, message),
                random_screen(self.source, (message + random_banner(self.source, ""))[:3]),
                Screen((), (), 2),
            ]
        )
        self.show(self.any_session(), screen)

    def touch(self):
        """Some line of screens changes, and what was there stays."""
        change = self.source.choice([touched_above, touched_within])
        for session in self.some_sessions():
            if session in self.screens:
                self.show(session, change(self.source, self.screens[session]))

    def veto(self):
        """Screens show a server error as well."""
        for session in self.some_sessions():
            if session in self.screens:
                self.show(session, vetoed(self.source, self.screens[session]))

    def restore(self):
        """Sessions show exactly what they last showed, also after being gone or failing."""
        for session in self.some_sessions():
            if session in self.screens:
                self.show(session, self.screens[session])

    def gone(self):
        """A session ends; at times captures of it fail afterwards."""
        session = self.any_session()
        self.add(f"gone {session}")
        if self.source.random() < 0.3:
            self.add(f"fail {session} no such session")

    def fail(self):
        """A session's captures fail from now on."""
        self.add(f"fail {self.any_session()} {self.source.choice(['timed out', 'garbage'])}")

    def tmux(self):
        """The server goes away or comes back."""
        self.tmux_is_up = not self.tmux_is_up
        self.add(f"tmux {'up' if self.tmux_is_up else 'down'}")

    def switcher(self):
        """The next requests end in some way."""
        delayed = f"ok {duration_text(max(0, self.source.choice(self.knobs.delays)))}"
        ending = self.source.choice(["ok", "ok", delayed, delayed, delayed, "fail exit 1", "hang"])
        self.add(f"switcher {ending}")

    def clock(self):
        """The wall clock is set forward or back."""
        steps = [SECOND, self.knobs.interval, self.knobs.cooldown, 5 * MINUTE, HOUR, 25 * HOUR]
        step = self.source.choice(steps)
        sign = self.source.choice([1, -1])
        self.clock_shift += sign * step
        self.add(f"clock {'+' if sign > 0 else '-'}{duration_text(step)}")

    def restart(self):
        """The monitor is killed and started again."""
        self.grid_start = self.now
        self.add("restart")

    def account(self):
        """The operator says that an account is free, or that he has switched by hand."""
        verb = self.source.choice(["free", "use", "use"])
        self.add(f"account {verb} {self.source.choice(self.knobs.accounts)}")

    def excursion(self):
        """Screens show something else for a while, or nothing, and then exactly the same again."""
        shown = dict(self.screens)
        leave = self.source.choice([self.heal, self.veto, self.veto, self.touch, self.gone, self.fail])
        leave()
        self.wait(self.source.choice([1, 1, 2, 10]) * self.knobs.interval)
        for session, screen in shown.items():
            self.show(session, screen)

    def blackout(self):
        """Suspicion, then nothing can be seen for about as long as suspicion is kept."""
        self.reset = ""
        self.spread()
        self.wait_for_poll()
        self.wait(self.knobs.interval // 2)
        if self.source.random() < 0.2:
            for session in self.knobs.sessions:
                self.add(f"gone {session}")
        self.add("tmux down")
        self.wait(self.knobs.interval * self.source.choice([1, 2, 3, 3, 4]))
        self.add("tmux up")
        self.tmux_is_up = True

    def slow_switcher(self):
        """Makes the next switches take the delay returned, often the longest that still succeeds."""
        longest = max(delay for delay in self.knobs.delays if delay <= self.knobs.timeout)
        delay = max(0, self.source.choice([longest, self.source.choice(self.knobs.delays)]))
        self.add(f"switcher ok {duration_text(delay)}")
        return delay

    def restart_in_flight(self):
        """A switch that takes long, and a restart meanwhile or just after."""
        delay = self.slow_switcher()
        self.exhaust()
        self.wait_for_poll()
        self.wait(self.source.choice([0, delay // 2, delay, self.knobs.interval, self.knobs.timeout]))
        for happens in (self.clock, self.switcher, self.restart, self.clock, self.restart):
            if happens == self.restart or self.source.random() < 0.3:
                happens()

    def account_change(self):
        """A switch; until the cooldown ends the old screens stay, change, go or come."""
        delay = self.slow_switcher()
        self.exhaust()
        self.wait_for_poll()
        changes = [self.spread, self.touch, self.heal, self.excursion, self.fail]
        for _ in range(self.source.randrange(3)):
            waits = [0, delay // 3, delay // 2, self.knobs.interval, self.knobs.cooldown // 2]
            self.wait(self.source.choice(waits))
            self.source.choice(changes)()
        self.wait(self.source.choice([0, delay]) + self.knobs.cooldown)

    def late_banners(self):
        """While a switch is in flight banners come to half of the screens, or leave and come back."""
        delay = self.slow_switcher()
        sessions = self.source.sample(self.knobs.sessions, len(self.knobs.sessions))
        early, late = sessions[::2], sessions[1::2]
        self.reset = random_reset(self.source, self.wall(), self.knobs.zone)
        resets = self.source.choice([[self.reset], [self.reset, ""], [""]])
        screens = {}
        for session in sessions:
            message = random_banner(self.source, self.source.choice(resets))
            screens[session] = random_screen(self.source, message)
        for session in sessions:
            self.show(session, screens[session] if session in early else HEALTHY_SCREEN)
        self.wait_for_poll()
        self.wait(0 if self.reset in resets else self.knobs.interval)
        for session in self.source.choice([early, []]):
            self.show(session, HEALTHY_SCREEN)
        self.wait(self.source.choice([self.knobs.interval, delay // 2]))
        for session in self.source.choice([sessions, late]):
            self.show(session, screens[session])
        self.wait(delay + self.knobs.cooldown)


def random_transcript(source):
    """The text of one transcript."""
    knobs, config = random_knobs(source)
    director = Director(source, knobs)
    lines = director.write()
    header = [
        "quotawatch-transcript 1",
        f"start {knobs.start:%Y-%m-%dT%H:%M:%SZ}",
        f"timezone {knobs.zone}",
        f"config {json.dumps(config, separators=(',', ':'))}",
        "source random_transcripts.py",
    ]
    if source.random() < 0.9:
        after = source.choice([0, 1, knobs.interval, knobs.cooldown + 2 * knobs.interval])
        header.append(f"until {duration_text(director.now + after)}")
    return "\n".join([*header, "", *lines, ""])


def write_transcripts(seed, count, folder):
    """Writes `count` transcripts; the n-th depends on the seed and n only."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        source = random.Random(f"{seed} {number}")
        path = folder / f"seed-{seed}-{number:06}.transcript"
        path.write_text(random_transcript(source), encoding="utf-8")


def main():
    """The command line."""
    parser = argparse.ArgumentParser(description="Writes random transcripts without expectations.")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--out", required=True, metavar="FOLDER")
    arguments = parser.parse_args()
    write_transcripts(arguments.seed, arguments.count, arguments.out)


if __name__ == "__main__":
    main()
