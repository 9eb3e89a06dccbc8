"""An agent for tests that draws its screens and reacts to keys as Claude Code does.

usage: agent.py KEYS ACCOUNT [limit | menu | draft | work | start]

Begins at its limit, in the limit's menu, at its limit with a draft in its prompt, at work, or as a program that was
just started on its conversation. What it reads is written to the file KEYS, a line for all that came at once. A request
is accepted if the file ACCOUNT says `b`, and refused else.
"""
import datetime
import os
import select
import sys
import tty

KEYS, ACCOUNT, BEGIN = sys.argv[1:4]
COLUMNS, ROWS = 100, 30
RESET = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=2)
BANNER = f"  ⎿  You've hit your 5-hour limit · resets {RESET.strftime('%I%p').lower().lstrip('0')} (UTC)"
ENTRIES = ["1. Upgrade your plan", "2. Stop and wait for limit to reset"]
SPINNER = "✢✳✶✻"


class Agent:
    def __init__(self, begin):
        self.menu = begin == "menu"
        self.works = begin == "work"
        self.draft = "I am still typing" if begin == "draft" else ""
        self.turns = ["❯ go on"] if begin in ("work", "start") else ["❯ go on", BANNER]
        self.ticks = 0

    def rows(self):
        rows = [" ▐▛███▛█   Claude Code v2.1.197", "▝▜██████▀  Sonnet 5.5 · Claude API", "", *self.turns, ""]
        if self.works:
            rows += ["● Going on with the tests.", "",
                     f"{SPINNER[self.ticks % 4]} Working… ({self.ticks // 3}s · esc to interrupt)", ""]
        if self.menu:
            bottom = ["▔" * COLUMNS, "  What do you want to do?", "", f"  ❯ {ENTRIES[0]}", f"    {ENTRIES[1]}", "",
                      "  Enter to confirm · Esc to cancel"]
        else:
            rule = "─" * COLUMNS
            bottom = [rule, "❯\u00a0" + self.draft, rule, "  ⏵⏵ bypass permissions on (shift+tab to cycle)"]
        return rows + [""] * (ROWS - len(rows) - len(bottom)) + bottom

    def draw(self):
        sys.stdout.write("\x1b[H" + "\r\n".join(row + "\x1b[K" for row in self.rows()))
        sys.stdout.flush()

    def take(self, keys):
        if self.menu:
            # Everything but a number goes nowhere.
            self.menu = keys not in ("1", "2")
        elif keys in ("\r", "\n"):
            self.send()
        else:
            # An Enter that comes together with a text is part of it.
            self.draft += "".join(key for key in keys if key.isprintable())

    def send(self):
        if not self.draft or self.works:
            return
        with open(ACCOUNT, encoding="utf-8") as account:
            self.works = account.read().strip() == "b"
        self.turns += ["", "❯ " + self.draft] + ([] if self.works else [BANNER])
        self.draft = ""


def main():
    agent = Agent(BEGIN)
    tty.setraw(0)
    sys.stdout.write("\x1b[2J")
    while True:
        agent.draw()
        if select.select([0], [], [], 0.2)[0]:
            keys = os.read(0, 4096).decode("utf-8", "replace")
            if not keys:
                return
            with open(KEYS, "a", encoding="utf-8") as log:
                log.write(keys.replace("\r", "Enter") + "\n")
            agent.take(keys)
        elif agent.works:
            agent.ticks += 1


main()
