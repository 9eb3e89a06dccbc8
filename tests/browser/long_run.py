#!/usr/bin/env python3
"""Prints a transcript of a fleet over a month, to see that a page of it stays small and quick.

    long_run.py [SESSIONS [DAYS]] > long.transcript

The same each time. It carries no expectations, so that its replay fails; only its page is of
interest.
"""
import json
import random
import sys
from datetime import datetime, timedelta, timezone

START = datetime(2026, 11, 1, tzinfo=timezone.utc)
WORDS = "parser lexer writer tests docs release config session account screen build cache".split()
LIMIT = "You've hit your limit \u00b7 resets {} (UTC)"


class Fleet:
    def __init__(self, sessions, days):
        self.random = random.Random(1)
        self.sessions = [f"ccl-auto-{i + 1}" for i in range(sessions)]
        self.until = days * 86400
        self.events = []

    def add(self, at, line):
        if at < self.until:
            self.events.append((at, line))

    def screen(self, at, session, rows, truth):
        work = [f"\u25cf Reading src/{self.random.choice(WORDS)}_{self.random.randrange(400)}.cc"
                for _ in range(24)]
        rows = ["\u276f go on", *work, *rows]
        self.add(at, f"screen {session} 100x36\n" + "\n".join("|" + row for row in rows))
        self.add(at, f"truth {session} {truth} conversation=c{len(self.events)}")

    def work(self, session):
        at = self.random.randrange(60)
        while at < self.until:
            kind = self.random.random()
            if kind < 0.05:
                self.screen(at, session, ["\u25cf API Error: 529 Overloaded."], "server_error")
            elif kind < 0.08:
                rejected = "  \u23bf  API Error: Request rejected (429)"
                self.screen(at, session, [rejected], "throttled")
            else:
                self.screen(at, session, ["\u25cf On it."], "clear")
            at += self.random.randrange(60, 6200)

    # Every few hours the account is used up, for all sessions within some minutes.
    def limits(self):
        at = 7200
        while at < self.until:
            resets = START + timedelta(seconds=at + 5 * 3600 - at % 3600)
            text = LIMIT.format(resets.strftime("%I%p").lstrip("0").lower())
            for session in self.sessions:
                self.screen(at + self.random.randrange(300), session, ["  \u23bf  " + text],
                            "exhausted blocked=true")
            at += self.random.randrange(4, 9) * 3600

    def faults(self):
        for at in range(5000, self.until, 40000):
            fault = self.random.choice(["tmux down", "tmux slow 3s", "tmux garbled", "stall 3m",
                                        "restart after 5m", "disk full", "switcher fail no key"])
            self.add(at, fault)
            for end in ["tmux up", "disk ok", "switcher ok 20s"]:
                self.add(at + 600, end)

    def print(self, out):
        self.limits()
        self.faults()
        for session in self.sessions:
            self.work(session)
        config = {"pool": {"autonomous": {"start_index": 1, "max": len(self.sessions)}},
                  "accounts": [{"name": name} for name in ("work", "spare", "last")],
                  "active_account": "work"}
        out.write(f"quotawatch-transcript 1\nstart {START:%Y-%m-%dT%H:%M:%SZ}\ntimezone UTC\n"
                  f"config {json.dumps(config)}\nuntil {self.until}s\n\n")
        for at, line in sorted(self.events, key=lambda event: event[0]):
            out.write(f"@{at}s {line}\n")


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")
    given = [int(number) for number in sys.argv[1:]]
    Fleet(*(given + [12, 30][len(given):])).print(sys.stdout)
