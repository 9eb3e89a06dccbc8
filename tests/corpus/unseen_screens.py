#!/usr/bin/env python3
"""Draws screens of coding agents that nobody recorded, each with the verdicts that are right for it.

The recordings show what real programs draw at two widths; a pane in production has any width and height, any history
above the banner and anything below it. This file knows the programs' layouts and the catalogue of their messages, and
nothing about how they are judged, so that it cannot share a misunderstanding with the judge.

    unseen_screens.py --seed 7 --count 1000             JSON Lines, one screen each, the same for the same seed
    unseen_screens.py --seed 7 --count 1000 --summary   how many of each scenario
    unseen_screens.py --seed 7 --count 60 --show        to be read by a person
    unseen_screens.py --seed 7 --count 60 --only NAME   one scenario (a part of its name is enough)

"allowed" lists the verdicts that are right; "reset_at" is null where the screen leaves room for doubt.
"""

import argparse
import collections
import datetime
import functools
import json
import random
import re
import zoneinfo

NBSP = "\u00a0"
THIN = "\u202f"
UTC = datetime.timezone.utc
ZONES = ["Europe/Paris", "Europe/Vienna", "Europe/London", "America/New_York", "America/Los_Angeles", "America/Sao_Paulo",
         "Asia/Kolkata", "Asia/Tokyo", "Australia/Sydney", "UTC"]
MONTHS = "January February March April May June July August September October November December".split()
VERBS = "Cooked Baked Brewed Churned Cogitated Crunched Sautéed Worked".split()
DOING = "Mulling Simmering Puttering Reticulating Enchanting Beboppin' Fiddle-faddling Noodling".split()
ASKS = ["go on", "again", "hi", "run the tests", "continue with step 3", "now fix the flaky test", "commit this",
        "please add a retry to the uploader and run everything once more", "why is main red?", "do the rest of the list"]
SAYS = ["All good, the tests pass now.", "I'll look at the uploader first.", "Done. 14 files changed, all tests green.",
        "The retry is in place; the backoff doubles up to a minute and then stays there, as the other clients do it.",
        "Let me read the failing test and the fixture it depends on before I change anything.",
        "That was a race between the writer and the reader: the reader saw the file before the rename."]
TOOLS = [("Bash(make test)", ["142 passed, 1 skipped in 8.41s"]), ("Read(src/upload.py)", ["Read 212 lines (ctrl+o to expand)"]),
         ("Bash(git status --short)", [" M src/upload.py", " M tests/test_upload.py", "?? notes.md"]),
         ("Update(src/upload.py)", ["Updated src/upload.py with 3 additions and 1 removal", "41      def push(self):",
                                    "42 -        self.send()", "42 +        with self.lock:", "43 +            self.send()"]),
         ("Bash(curl -s localhost:8080/health)", ["<html><body>502 Bad Gateway</body></html>"]),
         ("Bash(tail -2 gateway.log)", ["12:01 WARN upstream said: API Error: 529 Overloaded", "12:02 INFO recovered"])]
TASKS = ["Read the old importer", "Write the migration", "Backfill the orders table in batches of a thousand rows",
         "Add an index", "Update the runbook", "Delete the shim", "Ask ops about the window", "Measure again"]

# ---------------------------------------------------------------------------------------------------------- typography


def wrap(text, width, first="", rest=""):
    """Greedy word wrap behind a gutter, as the programs do it themselves; words longer than a row are cut."""
    rows, line, empty = [], first, True
    for word in text.split(" "):
        if not empty and len(line) + 1 + len(word) > width:
            rows.append(line)
            line, empty = rest, True
        while len(line) + len(word) + (not empty) > width and len(word) > max(1, width - len(rest)):
            room = max(1, width - len(line))
            rows.append(line + word[:room])
            line, word = rest, word[room:]
        line = line + word if empty else line + " " + word
        empty = False
    return rows + [line]


def wrap_codex(text, width):
    """Codex wraps flush left and also behind slashes and hyphens, so that its URLs come apart."""
    rows, line = [], ""
    for piece in re.split(r"(?<=[/-])(?![/\d-])|(?<= )", text):
        if len((line + piece).rstrip()) > width:
            rows.append(line.rstrip())
            line = ""
        while len(piece.rstrip()) > width:
            rows.append(piece[:width])
            piece = piece[width:]
        line += piece
    return rows + [line.rstrip()]


def cut(text, width):
    return text if len(text) <= width else text[:max(0, width - 1)].rstrip() + "…"


def columns(left, right, width, wrapped):
    """A footer of two columns: apart where they fit, else both cut, or (older versions) both wrapped side by side."""
    room = width - 4
    if not right:
        return wrap(left, width - 2, "  ", "  ") if wrapped else ["  " + cut(left, width - 4)]
    if len(left) + len(right) + 2 <= room:
        return ["  " + left + " " * (room - len(left) - len(right)) + right]
    share = max(8, room * len(left) // (len(left) + len(right)))
    if not wrapped:
        return ["  " + cut(left, share - 1).ljust(share) + cut(right, room - share)]
    a, b = wrap(left, share - 1), wrap(right, room - share)
    pairs = [(a[i] if i < len(a) else "", b[i] if i < len(b) else "") for i in range(max(len(a), len(b)))]
    return [("  " + x.ljust(share) + y).rstrip() for x, y in pairs]


def filled(rng, room, word):
    """Filler that leaves no room for `word`: the next row then begins with it."""
    line = rng.choice(["The monitor", "Each pane", "It greps", "We match"])
    while room - len(line) > len(word):
        rest = room - len(line) - 1
        line += " " + rng.choice([w for w in "a an the for each pane and when rows hold text of banner limits".split() if len(w) <= rest])
    return line


# --------------------------------------------------------------------------------------------------------------- times


def clock_text(when, minutes=None):
    """8pm, 11:30pm: how Claude Code writes a local time."""
    hour = when.hour % 12 or 12
    shown = f":{when.minute:02}" if when.minute or minutes else ""
    return f"{hour}{shown}{'am' if when.hour < 12 else 'pm'}"


def certain(when, zone):
    """The instant of a local time that occurs once; nothing is claimed about the hours that clocks repeat or skip."""
    naive = when.replace(tzinfo=None)
    offsets = {naive.replace(tzinfo=zoneinfo.ZoneInfo(zone), fold=fold).utcoffset() for fold in (0, 1)}
    return when.astimezone(UTC) if len(offsets) == 1 else None


def ordinal(day):
    return f"{day}{'th' if 10 < day < 20 else {1: 'st', 2: 'nd', 3: 'rd'}.get(day % 10, 'th')}"


def soon(rng, at, shortest_minutes, longest_minutes):
    """An instant ahead, on a round ten minutes."""
    when = at + datetime.timedelta(minutes=rng.randint(shortest_minutes, longest_minutes - 10))
    return datetime.datetime.fromtimestamp(-(-when.timestamp() // 600) * 600, UTC)


def relative(rng, at, form):
    """Durations: counted from the moment the screen was seen."""
    days, hours, minutes = rng.randint(1, 5), rng.randint(1, 4), rng.randint(2, 59)
    if form == "days":
        return f"in {days}d", None
    if form == "minutes":
        return f"in {minutes} minutes", at + datetime.timedelta(minutes=minutes)
    if form == "long":
        return f"in {days} days {hours} hours {minutes} minutes".replace(" 1 days", " 1 day").replace(" 1 hours", " 1 hour"), \
            at + datetime.timedelta(days=days, hours=hours, minutes=minutes)
    text = f"in {hours}h {minutes}m" if form == "hm" else f"in {hours}hr {minutes}min"
    return text, at + datetime.timedelta(hours=hours, minutes=minutes)


def reset(rng, at, zone, form):
    """(text, instant or None) of a reset that is still ahead, in one of the catalogue's forms."""
    if form in ("days", "minutes", "long", "hm", "hrmin"):
        return relative(rng, at, form)
    if form in ("hour", "zoned", "ampm", "24h", "gmt", "epoch"):
        when = soon(rng, at, 5, 290)
    elif form == "utc":  # of a daily limit
        when = soon(rng, at, 70, 1440)
    else:
        when = soon(rng, at, 1600, 6 * 1440)
    if form == "epoch":
        return str(int(when.timestamp())), when
    if form == "utc":
        when = when.replace(minute=0, second=0)
        return when.strftime("%Y-%m-%d %H:%M UTC"), when
    if form == "gmt":
        hours = rng.choice([-7, -4, 1, 2, 5, 9])
        local = when.astimezone(datetime.timezone(datetime.timedelta(hours=hours)))
        return f"{local.hour % 12 or 12}:{local:%M %p} GMT{hours:+d}", when
    local = when.astimezone(zoneinfo.ZoneInfo(zone)).replace(second=0)
    if form == "ampm" and local.date() != at.astimezone(local.tzinfo).date():
        form = "ordinal"
    month, named = MONTHS[local.month - 1], f" ({zone})"
    upper = f"{local.hour % 12 or 12}:{local:%M %p}"
    text = {"hour": clock_text(local), "zoned": clock_text(local) + named, "date": f"{month[:3]} {local.day}, {clock_text(local)}{named}",
            "date_at": f"{month[:3]} {local.day} at {clock_text(local)}{named}", "weekday": f"{local:%a} {clock_text(local, True)}",
            "ampm": upper, "24h": f"{local:%H:%M}", "on": f"{local:%H:%M} on {local.day} {month[:3]}",
            "ordinal": f"{month[:3]} {ordinal(local.day)}, {local.year} {upper}",
            "longdate": f"{month} {local.day}, {local.year} at {upper}"}[form]
    return text, certain(local, zone)


# ------------------------------------------------------------------------------------------------------------- banners

# (versions, text, reset forms); <a|b> is a choice, {} the reset. Texts without a reset claim none.
BANNERS = [
    ("1.0.31 1.0.88 2.0.1", "Claude AI usage limit reached|{}", "epoch"),
    ("1.0.31 1.0.88 1.0.128", "Claude usage limit reached. Your limit will reset at {}.", "zoned date"),
    ("1.0.105 1.0.128 2.0.1 2.0.32 2.0.47", "<5-hour|Session> limit reached ∙ resets {}", "hour"),
    ("1.0.128 2.0.1 2.0.47", "<Weekly|Opus weekly> limit reached ∙ resets {}", "weekday hour date"),
    ("2.0.52 2.0.55", "<Weekly limit|Limit> reached · resets {} · /upgrade to Max or turn on /extra-usage", "zoned"),
    ("2.0.32 2.0.47", "Spending cap reached resets {}", "hour"),
    ("2.1.4 2.1.61 2.1.119 2.1.330", "You've hit your limit · resets {}", "zoned hour"),
    ("2.1.147 2.1.176 2.1.234 2.1.330", "You've hit your <session|5-hour> limit · resets {}", "zoned hm hrmin minutes"),
    ("2.1.147 2.1.234 2.1.330", "You've hit your weekly limit · resets {}<| · progress saved>", "date date_at days"),
    ("2.1.147 2.1.330", "You've hit your <session|5-hour|Sonnet> limit · resets {} · progress saved", "zoned"),
    ("2.1.147 2.1.330", "You've hit your <Opus|Sonnet> limit · resets {}", "date date_at zoned"),
    ("2.1.211 2.1.234 2.1.330", "You've reached your Fable limit. Run /usage-credits to continue or switch models with /model.", ""),
    ("2.1.176 2.1.330", "You've hit your <monthly spend|individual spend> limit · ask your admin to raise it", ""),
    ("2.1.176 2.1.330", "You've hit your org's monthly spend limit · ask your admin to raise it", ""),
    ("2.1.119 2.1.176", "You're out of extra usage · resets {}", "zoned date"),
    ("2.1.234 2.1.330", "You're out of usage credits", ""),
    ("2.1.234 2.1.330", "Your org is out of usage · contact your admin", ""),
    ("2.0.47 2.1.61 2.1.119", "Credit balance is too low", ""),
    ("2.1.330", "Credit balance too low · Add funds: https://platform.claude.com/settings/billing", ""),
    ("2.0.55 2.1.61", "spend limit reached (daily; resets {})", "utc"),
]
UPGRADE = ["/upgrade to increase your usage limit.", "/upgrade to increase your usage limit.", "/login to switch to an API usage-billed account."]
CODEX = [
    "You’ve hit your usage limit. Upgrade to Pro (https://chatgpt.com/explore/pro), visit https://chatgpt.com/settings/usage"
    " to purchase more credits or try again at {ampm}.",
    "You’ve hit your usage limit. Visit https://chatgpt.com/settings/usage to purchase more credits or try again at {ordinal}.",
    "You've hit your usage limit. Upgrade to Pro (https://openai.com/chatgpt/pricing) or try again {long}.",
    "You've hit your usage limit. To get more access now, send a request to your admin or try again at {ampm}.",
    "You've hit your usage limit. Try again at {24h}.", "You've hit your usage limit. Try again at {on}.",
    "Your workspace is out of credits. Add credits to continue.", "Quota exceeded. Check your plan and billing details.",
]


def fold_choices(rng, text):
    return re.sub(r"<([^>]*)>", lambda found: rng.choice(found[1].split("|")), text)


def banner(rng, pane, wanted=None):
    """A banner of the pane's version, with its reset."""
    fitting = [b for b in BANNERS if pane.version in b[0].split() and (wanted is None or wanted(b))]
    _, text, forms = rng.choice(fitting)
    return fill(rng, pane, fold_choices(rng, text), forms)


def fill(rng, pane, text, forms):
    when = None
    if forms:
        shown, when = reset(rng, pane.at, pane.zone, rng.choice(forms.split()))
        text = text.replace("{}", shown)
    return typography(rng, text), when


def typography(rng, text):
    """The same words in other type: curly quotes, other dots, spaces that do not break."""
    if rng.random() < 0.2:
        text = text.replace("'", "’")
    if rng.random() < 0.15:
        text = text.replace(" · ", rng.choice([" ∙ ", " • ", f"{NBSP}·{NBSP}", f"{THIN}· "]))
    return text


def bait(rng, pane):
    """Words that would be a banner if the program itself wrote them; the reset is ahead, so that only the place tells."""
    text = rng.choice(["You've hit your limit · resets {}", "You've hit your 5-hour limit · resets {}", "5-hour limit reached ∙ resets {}",
                       "You've hit your session limit · resets {}", "You've hit your weekly limit · resets {}",
                       "Claude usage limit reached. Your limit will reset at {}.", "You've hit your usage limit. Try again at {}."])
    form = "ampm" if "Try" in text else "hour" if "∙" in text else "zoned"
    return typography(rng, text.replace("{}", reset(rng, pane.at, pane.zone, form)[0]))


# --------------------------------------------------------------------------------------------------------------- panes


class Pane:
    """A screen under construction: blocks of conversation, then whatever the program draws at the bottom."""

    def __init__(self, rng, program, version, width=None):
        self.rng, self.program, self.version = rng, program, version
        self.width = width or (rng.choice([60, 80, 80, 100, 100, 120, 200]) if rng.random() < 0.5 else rng.randint(30, 300))
        self.zone = rng.choice(ZONES)
        start = datetime.datetime(2026, 1, 5, tzinfo=UTC)
        self.at = start + datetime.timedelta(seconds=rng.randrange(350 * 86400))
        self.blocks, self.keep, self.skip, self.lower = [], None, 0, []
        self.sticky, self.tight, self.limited, self.host = False, False, False, None

    def add(self, rows):
        self.blocks.append(list(rows))

    def keep_from(self, block, row=0):
        """What comes from here on must stay on the screen: without it the truth would be another one."""
        self.keep, self.skip = block if block >= 0 else max(0, len(self.blocks) + block), row
        self.tight = self.rng.random() < 0.15 or row > 0

    def local(self, when):
        return when.astimezone(zoneinfo.ZoneInfo(self.zone))

    def wrapped(self, lines):
        """A dialog's lines, each with its own indent."""
        return [row for line in lines for row in wrap(line.lstrip(), self.width, line[:len(line) - len(line.lstrip())], "   ")]

    def conversation(self, first=0):
        rows = []
        for number, block in enumerate(self.blocks[first:]):
            rows += ([""] if number else []) + block
        return rows

    def screen(self):
        """The visible rows: the top scrolls off, the rest of the height is blank above the box or below everything."""
        rng, upper = self.rng, self.conversation()
        needed = len(self.conversation(self.keep or 0)) - self.skip + 1 + len(self.lower)
        height = max(min(200, rng.choice([10, 16, 24, 24, 36, 36, 50, 80, rng.randint(6, 200)])), needed)
        rows = upper + [""] + self.lower
        height = needed if self.tight else height
        if len(rows) < height:
            blank = [""] * (height - len(rows))
            tail = blank[:1] if self.sticky else []
            rows = upper + [""] + blank[len(tail):] + self.lower + tail if self.sticky else rows + blank
        rows = [row[:self.width] for row in rows[-height:]]
        if rng.random() < 0.15:
            rows = [row.ljust(min(self.width, len(row) + rng.randint(0, 9))) if row else row for row in rows]
        return "\n".join(rows) + "\n"


def newer(version, *than):
    return tuple(int(part) for part in version.split(".")) >= than


class Claude(Pane):
    VERSIONS = "1.0.31 1.0.88 1.0.105 1.0.128 2.0.1 2.0.32 2.0.47 2.0.52 2.0.55 2.1.4 2.1.61 2.1.119 2.1.147 2.1.176 2.1.211 2.1.234 2.1.330 2.1.330 2.1.330".split()

    def __init__(self, rng, versions=None, width=None):
        super().__init__(rng, "claude-code", rng.choice(versions or self.VERSIONS), width)
        self.mark = "❯" if newer(self.version, 2, 1) else ">"
        self.dot = rng.choice("●●⏺")
        self.hook = rng.choice(["  ⎿ " + NBSP, "  ⎿ " + NBSP, "  ⎿  "])
        self.modern = newer(self.version, 2, 1, 200)
        self.sticky = self.modern
        self.footer, self.notice, self.draft = None, None, ""
        self.status = rng.random() < 0.2
        if rng.random() < 0.7:
            self.header()

    def header(self):
        where = self.rng.choice(["/home/dev/acme/shop1", "~/src/quota", "/srv/api"])
        if not newer(self.version, 2, 0):
            inner = min(self.width - 2, 51)
            rows = ["✻ Welcome to Claude Code!", "", "  /help for help, /status for your current setup", "", f"  cwd: {where}"]
            self.add(["╭" + "─" * inner + "╮", *("│ " + cut(row, inner - 2).ljust(inner - 1) + "│" for row in rows), "╰" + "─" * inner + "╯"])
            return
        logo = [" ▐▛███▛█   ", "▝▜██████▀  ", " ▝▝   ▝▝   "] if self.modern else [" ▐▛███▜▌   ", "▝▜█████▛▘  ", "  ▘▘ ▝▝    "]
        model = self.rng.choice(["Sonnet 5.5 · Claude Max", "Sonnet 4.6 · Claude API", "Opus 5.5 · API Usage Billing"])
        texts = [f"Claude Code v{self.version}", model, where]
        self.add(["", *(a + cut(b, self.width - 11) for a, b in zip(logo, texts))] + ([""] if self.modern else []))

    # What the program draws in the conversation.

    def prompt(self, text):
        """A submitted prompt; its further lines are indented below the first."""
        rows = []
        for number, line in enumerate(text.split("\n")):
            rows += wrap(line, self.width, "  " if number else self.mark + " ", "  ") if line else [""]
        self.add(rows)

    def result(self, text):
        return wrap(text, self.width, self.hook, "     ")

    def hang(self, rows):
        """Puts rows directly under those they belong to."""
        self.blocks[-1] += rows

    def bullet(self, text, room=0):
        self.add(wrap(text, self.width - room, self.dot + " ", "  "))

    def says(self, paragraphs):
        """An answer of several paragraphs; those given as rows (code, quotes, lists) are not wrapped again."""
        rows = []
        for number, part in enumerate(paragraphs):
            lead = "  " if number else self.dot + " "
            rows += ([""] if number else []) + (wrap(part, self.width, lead, "  ") if isinstance(part, str) else
                                                [row for line in part for row in wrap(line, self.width, "  ", "  ")])
        self.add(rows)

    def tool(self, call, output, more=0):
        rows = wrap(call, self.width, self.dot + " ", "      ") + self.output(output)
        self.add(rows + ([f"     … +{more} lines (ctrl+o to expand)"] if more else []))

    def output(self, lines):
        return [row for number, line in enumerate(lines) for row in wrap(line, self.width, "     " if number else self.hook, "     ")]

    def done(self):
        when = self.local(self.at)
        gap = self.rng.choice([" ", " ", THIN])
        if self.modern:
            self.add([f"✻ {self.rng.choice(VERBS)} for {self.rng.randint(0, 59)}s · done {when.hour % 12 or 12}:{when:%M}{gap}{when:%p}"])

    def spinner(self):
        tail = "" if self.modern else f" (esc to interrupt · {self.rng.randint(1, 90)}s)"
        rows = [cut(f"{self.rng.choice('✻✽✢✶·*')} {self.rng.choice(DOING)}…{tail}", self.width - 2)]
        if self.rng.random() < 0.4:
            rows += self.result("Tip: Use Plan Mode to prepare for a complex request before making changes. Press shift+tab twice to enable.")
        self.add(rows)

    def tasks(self, count, names=TASKS):
        finished = self.rng.randint(0, count // 2)
        rows = [f"  {count} tasks ({finished} done, {count - finished} open)"]
        for number in range(count):
            rows.append(cut(f"  {'✔' if number < finished else '◻'} {self.rng.choice(names)}", self.width))
        self.add(rows)

    def history(self):
        """Earlier turns without anything of interest, and sometimes an error of yesterday."""
        for _ in range(self.rng.randint(0, 3)):
            self.prompt(self.rng.choice(ASKS))
            if self.rng.random() < 0.2:
                self.server_error()
                continue
            self.work()
            self.done()

    def work(self, steps=None):
        for _ in range(steps or self.rng.randint(1, 3)):
            if self.rng.random() < 0.5:
                self.bullet(self.rng.choice(SAYS))
            else:
                self.tool(*self.rng.choice(TOOLS))

    def server_error(self):
        kinds = ["500 Internal server error.", "529 Overloaded.", "503 Service unavailable.",
                 "500 Internal server error: upstream rate limit reached, too many requests."]
        if newer(self.version, 2, 1, 100):
            self.bullet("API Error: " + self.rng.choice(kinds) + " This is a server-side issue, usually temporary — try again in a moment."
                        " If it persists, check status.claude.com.", 8)
        else:
            kind, words = self.rng.choice([("500", "Internal server error"), ("529", "Overloaded"), ("500", "Internal server error: rate limit reached")])
            name = "overloaded_error" if kind == "529" else "api_error"
            self.hang(self.result(f'API Error: {kind} {{"type":"error","error":{{"type":"{name}","message":"{words}"}}}}'))

    # What it draws at the bottom.

    def box(self):
        """The prompt box, the notice above it, the mode line and a status line of the user's own below it."""
        lines = self.draft.split("\n")
        text = []
        for number, line in enumerate(lines):
            room = self.width - (2 if newer(self.version, 2, 0) else 4)
            text += wrap(line, room, "  " if number else self.mark + NBSP, "  ")
        if newer(self.version, 2, 0):
            body = ["─" * self.width, *text, "─" * self.width]
        else:
            inner = self.width - 2
            body = ["╭" + "─" * inner + "╮", *("│ " + row[:inner - 1].ljust(inner - 1) + "│" for row in text), "╰" + "─" * inner + "╯"]
        notice = self.notice or (self.rng.choice(["◐ medium · /effort", None, "tmux focus-events off · add 'set -g focus-events on' to "
                                                  "~/.tmux.conf and reattach for focus tracking"]) if self.modern else None)
        above = [cut("  " + notice, self.width - 2) if len(notice) > self.width - 4 else notice.rjust(self.width - 2)] if notice else []
        return above + body + self.feet()

    def feet(self):
        mode = self.rng.choice(["⏵⏵ bypass permissions on (shift+tab to cycle)", "⏵⏵ accept edits on (shift+tab to cycle)", "? for shortcuts"])
        rows = []
        if self.status:
            windows = "ctx 41%" if self.limited else f"5h: {self.rng.randint(1, 70)}% (resets in {self.rng.randint(2, 59)}m) | 7d: 12%"
            rows.append("  " + cut("Opus 5.5 | shop1 main | " + windows, self.width - 4))
        if self.modern:
            warn = [cut("  ⚠ " + self.footer[0], self.width - 2), cut("    " + self.footer[1], self.width - 2)] if self.footer else []
            return rows + warn + [cut("  " + mode + self.rng.choice(["", " · ← for agents"]), self.width - 2)]
        right = self.footer or (self.rng.choice(["Thinking on (tab to toggle)", ""]) if not newer(self.version, 2, 1) else "")
        return rows + columns(mode, right, self.width, wrapped=not newer(self.version, 2, 1))

    def finish(self):
        self.lower = self.lower or self.box()
        return self.screen()


class Codex(Pane):
    def __init__(self, rng, width=None):
        super().__init__(rng, "codex", rng.choice(["0.169.0", "0.169.0", "0.144.0"]), width)
        self.sticky, self.draft = True, "Ask Codex to do anything"
        if rng.random() < 0.7:
            self.add(["", cut(f"  >_ OpenAI Codex (v{self.version})", self.width), cut("     /home/dev/acme/shop", self.width)])

    def prompt(self, text):
        rows = []
        for number, line in enumerate(text.split("\n")):
            rows += wrap(line, self.width - 1, "  " if number else "› ", "  ") if line else [""]
        self.add(["", *rows, ""])

    def bullet(self, text):
        self.add(wrap(text, self.width - 1, "• ", "  "))

    def error(self, text, mark="■"):
        self.add(wrap_codex(f"{mark} {text}", self.width))

    def ran(self, command, output):
        rows = wrap("Ran " + command, self.width - 1, "• ", "  │ ")
        for number, line in enumerate(output):
            rows += wrap(line, self.width - 1, "    " if number else "  └ ", "    ")
        self.add(rows)

    def worked(self):
        when = self.local(self.at)
        self.add([f"  Worked for {self.rng.choice(['<1s', '12s', '1m 04s'])} • {when:%H:%M}"])

    def history(self):
        for _ in range(self.rng.randint(0, 2)):
            self.prompt(self.rng.choice(ASKS))
            if self.rng.random() < 0.2:
                self.error("We’re currently experiencing high demand, which may cause temporary errors.")
            else:
                self.ran("make test", ["142 passed, 1 skipped in 8.41s"])
                self.bullet(self.rng.choice(SAYS))
                self.worked()

    def finish(self):
        text = []
        for number, line in enumerate(self.draft.split("\n")):
            text += wrap(line, self.width - 1, "  " if number else "› ", "  ")
        feet = columns("← for agents · ? for shortcuts", "⚠ 2 warnings · f2 to view", self.width + 1, wrapped=False)
        self.lower = self.lower or ["", *text, "", cut("  gpt-5 default · /home/dev/acme/shop", self.width), *feet]
        return self.screen()


class Gemini(Pane):
    def __init__(self, rng, width=None):
        super().__init__(rng, "gemini", "0.61.0", width)
        self.thinking = False
        if rng.random() < 0.7:
            lines = [" ▝▜▄     Gemini CLI v0.61.0", "   ▝▜▄", "  ▗▟▀    Authenticated with gemini-api-key /auth", " ▝▀", ""]
            self.add(["", *(cut(line, self.width) for line in lines)])

    def prompt(self, text):
        rows = []
        for number, line in enumerate(text.split("\n")):
            rows += wrap(line, self.width - 1, "   " if number else " > ", "   ") if line else [""]
        self.add(rows)

    def bullet(self, text, mark="✦"):
        self.add(wrap(text, self.width - 1, mark + " ", "  "))

    def boxed(self, lines):
        inner = self.width - 4
        rows = [row for line in lines for row in wrap(line, inner, "", " " * (len(line) - len(line.lstrip())))]
        self.add(["╭" + "─" * (self.width - 2) + "╮", *("│ " + row[:inner].ljust(inner) + " │" for row in rows), "╰" + "─" * (self.width - 2) + "╯"])

    def history(self):
        for _ in range(self.rng.randint(0, 2)):
            self.prompt(self.rng.choice(ASKS))
            self.bullet(self.rng.choice(SAYS))

    def finish(self):
        if not self.lower:
            think = f" ⠧ Thinking... (esc to cancel, {self.rng.randint(0, 30)}s)" if self.thinking else ""
            hint = "? for shortcuts".rjust(max(0, self.width - 1 - len(think)))
            third = (self.width - 2) // 3
            self.lower = ["", (think + hint)[:self.width], "─" * self.width, " Shift+Tab to accept edits", "", " >   Type your message or @path/to/file", "",
                          " " + "workspace (/directory)".ljust(third)[:third] + "sandbox".center(third)[:third] + "/model".rjust(third),
                          " " + "/home/dev/acme/shop".ljust(third)[:third] + "current process".center(third)[:third] + "gemini-2.5-pro".rjust(third)[:third]]
        return self.screen()


# ------------------------------------------------------------------------------------------------------------- scenarios

EXHAUSTED, CLEAR = ["exhausted"], ["clear"]
SCENARIOS = {}


def scenario(true, weight, versions="", turn=None, make=None, name=None):
    """Registers a function that draws on a pane; `turn`: how many steps of work the last turn already shows.

    A true scenario returns the banner's reset (None: no claim), a false one the verdicts that are right (None: clear).
    """
    def register(function):
        def drawn(rng):
            pane = (make or Claude)(rng) if not versions else Claude(rng, versions.split())
            if turn is not None:
                open_turn(pane, turn)
                pane.keep_from(-1)
            outcome = function(pane, rng)
            return (pane, EXHAUSTED, outcome) if true else (pane, outcome or CLEAR, None)
        SCENARIOS[("true_" if true else "false_") + (name or function.__name__)] = (weight, true, drawn)
        return function
    return register


def open_turn(pane, steps=0):
    pane.history()
    pane.prompt(pane.rng.choice(ASKS))
    if steps:
        pane.work(steps)


def upgrade(pane, text, indent="     "):
    """The advice that often stands under a banner; never under those that carry their own."""
    if pane.rng.random() < 0.5 or not re.search(r"limit (·|∙|•|reached)", text) or "/" in text.split("(")[0]:
        return
    if newer(pane.version, 2, 0):
        pane.hang(wrap(pane.rng.choice(UPGRADE), pane.width, indent, indent))
    else:
        pane.hang([""] + wrap(UPGRADE[0], pane.width, "      • ", "        "))


def continuing(pane, at):
    """Newer versions wait by themselves and say so below the box."""
    pane.footer = ("Usage limit reached · limit resets " + at, f"Continuing automatically at {at} · Esc to cancel")


def after_banner(pane, text, footer=True):
    """What the program still draws under a banner of its own; none of it is later activity."""
    rng, named = pane.rng, re.search(r"resets? (\d+(?::\d\d)?[ap]m)", text)
    if footer and newer(pane.version, 2, 1, 234) and named and "weekly" not in text and rng.random() < 0.6:
        pane.bullet("Usage limit reached · set to continue automatically at " + named[1], 8)
        continuing(pane, named[1])
    elif rng.random() < 0.3:
        pane.done()
    if newer(pane.version, 2, 1) and rng.random() < 0.2:
        pane.tasks(rng.choice([3, 6, 12, 40, 90]))
    if rng.random() < 0.2:
        pane.draft = rng.choice(["carry on once this is over", "Resend your message to try again", "/model", bait(rng, pane), "one\ntwo\nthree"])
    if pane.footer is None and f"({pane.zone})" in text and rng.random() < 0.2:
        pane.host = rng.choice(ZONES)


# True exhaustion.


def at_place(pane, rng, place):
    """A banner where the program writes it: under the prompt (which may have scrolled off), under the last tool call as a second
    hook after the tool's own output, flush left, behind a bullet, or as the failure of a teammate, who shares the account."""
    open_turn(pane, 0 if place == "prompt" else rng.randint(0, 3))
    text, when = banner(rng, pane, (lambda b: re.match("You've hit your (limit|<session)", b[1])) if place == "teammate" else None)
    if place == "tool":
        pane.tool(*rng.choice(TOOLS))
    rows_above = len(pane.blocks[-1]) if place == "prompt" and rng.random() < 0.3 else 0
    if place in ("prompt", "tool"):
        pane.hang(pane.result(text))
    elif place == "flush":
        pane.add(wrap(text, pane.width))
    elif place == "bullet":
        pane.bullet(text, 8 if pane.modern else 0)
    else:
        pane.bullet(f"Teammate @{rng.choice(['reviewer', 'tester-2', 'db'])} failed: {text}")
    pane.keep_from(-1, rows_above)
    if place in ("prompt", "tool", "bullet"):
        upgrade(pane, text, "  " if place == "bullet" else "     ")
    after_banner(pane, text, footer=place != "teammate")
    return when


for place_name, place_weight, place_versions in (("prompt", 10, ""), ("tool", 6, ""), ("flush", 4, ""), ("bullet", 4, ""),
                                                 ("teammate", 2, "2.1.119 2.1.147 2.1.234 2.1.330")):
    scenario(True, place_weight, place_versions, name="at_" + place_name)(functools.partial(at_place, place=place_name))


@scenario(True, 3, "2.1.234 2.1.330", turn=0)
def hit_again(pane, rng):
    text, when = fill(rng, pane, "You've hit your 5-hour limit · resets {}", "zoned")
    at = text.split("resets ")[1].split(" (")[0]
    pane.hang(pane.result(text))
    pane.bullet("Usage limit reached · set to continue automatically at " + at, 8)
    pane.prompt(rng.choice(ASKS))
    pane.bullet("Usage limit reached again · set to continue automatically at " + at, 8)
    pane.hang(pane.result(text))
    pane.keep_from(-1)
    continuing(pane, at)
    return when


@scenario(True, 3, "2.1.234 2.1.330", turn=0)
def footer_alone(pane, rng):
    """A long task list has pushed the banner off the screen; the footer still says it."""
    shown, when = reset(rng, pane.at, pane.zone, "hour")
    pane.hang(pane.result(f"You've hit your 5-hour limit · resets {shown} ({pane.zone})"))
    pane.bullet("Usage limit reached · set to continue automatically at " + shown, 8)
    pane.tasks(rng.randint(20, 90))
    pane.keep_from(len(pane.blocks))
    continuing(pane, shown)
    return when if pane.width >= 60 else None


@scenario(True, 6, "2.1.61 2.1.119 2.1.176 2.1.234 2.1.330", turn=0)
def menu(pane, rng):
    """The program asks what to do instead of showing its box; the banner above it may have scrolled off."""
    text, when = banner(rng, pane, lambda b: "limit · resets {}" in b[1])
    pane.hang(pane.result(text))
    seen = rng.random() < 0.6
    pane.keep_from(-1 if seen else len(pane.blocks))
    options = ["Upgrade your plan"] + (["Add funds to continue with extra usage"] if rng.random() < 0.3 else [])
    later = re.search(r"resets (.*?[ap]m)", text)
    if pane.modern and later:
        options.insert(0, "Wait here, then continue automatically at " + later[1])
    rng.shuffle(options)
    options.insert(rng.choice([0, 0, len(options)]), "Stop and wait for limit to reset")
    margin = "  " if pane.modern else " "
    rows = ["▔" * pane.width] if pane.modern else ["❯ /rate-limit-options", "─" * pane.width]
    rows += [margin + "What do you want to do?", ""]
    chosen = rng.choice([0, 0, len(options) - 1])
    for number, option in enumerate(options):
        lead = margin + ("❯ " if number == chosen else "  ") + f"{number + 1}. "
        rows += wrap(option, pane.width, lead, " " * len(lead))
    pane.lower = rows + [""] + wrap("Enter to confirm · Esc to cancel", pane.width, margin, margin)
    return when if seen else None


@scenario(True, 4, "2.1.4 2.1.61 2.1.147 2.1.330", turn=0)
def slash_command_below(pane, rng):
    """A command that the program answers by itself is no later turn."""
    text, when = banner(rng, pane)
    pane.hang(pane.result(text))
    pane.keep_from(-1)
    command = rng.choice(["/usage", "/rate-limit-options", "/status"])
    pane.prompt(command)
    if command != "/rate-limit-options":
        pane.hang(pane.result(rng.choice(["Settings dialog dismissed", "Status dialog dismissed"])))
    return when


@scenario(True, 3, turn=0)
def error_of_yesterday(pane, rng):
    """A server error in an earlier turn says nothing about today's banner."""
    pane.server_error()
    pane.prompt(rng.choice(ASKS))
    text, when = banner(rng, pane)
    pane.hang(pane.result(text))
    after_banner(pane, text)
    return when


@scenario(True, 2, "2.1.4 2.1.119 2.1.147 2.1.330")
def spinner_stays(pane, rng):
    """The spinner can go on turning under a banner, with its task list or tip, without any retry."""
    steps = rng.randint(0, 2)
    open_turn(pane, steps)
    text, when = banner(rng, pane)
    pane.add(wrap(text, pane.width)) if steps else pane.hang(pane.result(text))
    pane.keep_from(-1)
    pane.spinner()
    if rng.random() < 0.5:
        pane.tasks(rng.choice([4, 9, 30, 90]))
    return when


@scenario(True, 12, make=Codex)
def codex(pane, rng):
    pane.history()
    pane.prompt(rng.choice(ASKS))
    if rng.random() < 0.4:
        pane.ran("make test", ["142 passed, 1 skipped in 8.41s"])
        pane.bullet(rng.choice(SAYS))
    text, when = rng.choice(CODEX), None
    found = re.search(r"\{(\w+)\}", text)
    if found:
        shown, when = reset(rng, pane.at, pane.zone, found[1])
        text = text.replace(found[0], shown)
    pane.error(text.replace("’", "'") if rng.random() < 0.2 else text)
    pane.keep_from(-1)
    if rng.random() < 0.2:
        pane.draft = rng.choice(["carry on", "why is it blocked?"])
    return when


@scenario(True, 8, make=Gemini)
def gemini(pane, rng):
    pane.history()
    pane.prompt(rng.choice(ASKS))
    lines, when = ["", f"Usage limit reached for {rng.choice(['all Pro models', 'all Pro models', 'gemini-2.5-pro', 'gemini-3-pro'])}."], None
    if rng.random() < 0.5:
        shown, when = reset(rng, pane.at, pane.zone, "gmt")
        lines.append(f"Access resets at {shown}.")
    pane.add([""])
    pane.boxed(lines + ["/stats model for usage details", "/model to switch models.", "", "", "● 1. Keep trying", "  2. Stop", "", ""])
    pane.keep_from(-1)
    pane.lower = [""]
    return when


@scenario(True, 1, make=lambda rng: Pane(rng, rng.choice(["copilot", "cursor"]), "unknown", rng.randint(60, 200)))
def other_programs(pane, rng):
    """Copilot and Cursor, whose screens were never recorded: their own words flush left above a box."""
    pane.add(["> " + rng.choice(ASKS)[:pane.width - 2]])
    shown, when = reset(rng, pane.at, pane.zone, "longdate")
    copilot = f"You've reached your weekly rate limit. Please wait for your limit to reset on {shown}."
    cursor = f"You've hit your usage limit. Your usage limits will reset when your monthly cycle ends on {pane.at + datetime.timedelta(9):%m/%d/%Y}."
    pane.add(wrap(copilot if pane.program == "copilot" else cursor, pane.width))
    pane.keep_from(-1)
    pane.lower = ["╭" + "─" * (pane.width - 2) + "╮", "│ >" + " " * (pane.width - 4) + "│", "╰" + "─" * (pane.width - 2) + "╯"]
    return when if pane.program == "copilot" else None


# What only looks like exhaustion.


def after_bait(pane, activity=0.6):
    """A healthy session goes on under the words: an answer, or a spinner where none has come yet."""
    if pane.rng.random() < activity:
        pane.work(1)
        pane.done()
    else:
        pane.spinner()
    if newer(pane.version, 2, 1) and pane.rng.random() < 0.15:
        pane.tasks(pane.rng.choice([3, 12, 60]))


@scenario(False, 3, turn=1)
def warning(pane, rng):
    if newer(pane.version, 2, 1):
        text = f"You've used {rng.randint(75, 99)}% of your {rng.choice(['5-hour', 'session', 'weekly'])} limit · resets "
        text += reset(rng, pane.at, pane.zone, "zoned")[0]
    else:
        text = rng.choice(["Approaching usage limit · resets at " + reset(rng, pane.at, pane.zone, "hour")[0], "Approaching weekly limit"])
    if pane.modern:
        pane.notice = text
    else:
        pane.footer = text
    return ["warning"] if pane.width > 150 else ["warning", "clear"]


@scenario(False, 3, turn=1)
def another_way_to_work(pane, rng):
    """Extra usage, another model, the slower mode: a limit was reached and the session still works."""
    at = reset(rng, pane.at, pane.zone, "zoned")[0]
    if pane.modern:
        pane.notice = rng.choice([f"You're now using usage credits · Your 5-hour limit resets {at}", "Fast limit reached and temporarily disabled · resets in 8m"])
    elif newer(pane.version, 2, 0):
        pane.footer = f"You're now using extra usage · Your session limit resets {at}" if newer(pane.version, 2, 1) else "5-hour limit reached, now using extra usage"
    else:
        pane.bullet(f"Claude Opus {rng.choice(['', '4 '])}limit reached, now using Sonnet 4")
        pane.work(1)
    return ["clear", "warning"]


@scenario(False, 9, turn=0)
def error_alone(pane, rng):
    """Throttled for a moment, a server in trouble, a login gone: the turn ends with it and it is no quota. Older versions hang
    it under the prompt, newer ones write a bullet."""
    late, kind = newer(pane.version, 2, 1, 100), rng.choice(["throttled", "throttled", "server_error", "server_error", "auth"])
    if kind == "server_error" and rng.random() < 0.7:
        pane.server_error()
        return [kind]
    over = "This request would exceed your account's rate limit. Please try again later."
    text = rng.choice({
        "throttled": ["API Error: Server is temporarily limiting requests (not your usage limit) · " + over,
                      "API Error: Request rejected (429) · " + over] if late else ["API Error: Rate limit reached"],
        "server_error": ["API Error: Repeated 529 Overloaded errors", "Opus is experiencing high load, please use /model to switch to Sonnet"],
        "auth": ["Please run /login · API Error: 401 OAuth token has expired. Please obtain a new token or refresh your existing token.",
                 "Not logged in · Please run /login", "Invalid API key · Please run /login", "OAuth token revoked · Please run /login"]}[kind])
    pane.bullet(text, 8) if late else pane.hang(pane.result(text))
    pane.draft = rng.choice(["", "Resend your message to try again"]) if pane.modern else ""
    return ["server_error", "throttled", "warning", "clear"] if "high load" in text else [kind]


@scenario(False, 3, turn=0)
def retrying(pane, rng):
    """A retry row means busy, under a banner too."""
    attempt = f"attempt {rng.randint(1, 9)}/10"
    if pane.modern:
        what = rng.choice(["API error", cut("429 This request would exceed your account's rate limit. Please try again later.", max(9, pane.width - 37))])
        pane.add([cut(f"✻ {what} · retrying in {rng.randint(1, 76)}s · {attempt}", pane.width)])
    else:
        text = rng.choice(['429 {"type":"error","error":{"type":"rate_limit_error","message":"This request would exceed your account\'s rate limit."}}',
                           'API Error (529 {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}) ·', bait(rng, pane)])
        tail = f"Retrying in {rng.randint(2, 76)} seconds… ({attempt})"
        pane.hang(pane.result(text + " " + tail) if text.endswith("·") else pane.result(text) + wrap(tail, pane.width, "     ", "     "))
        pane.spinner()
    return ["throttled", "server_error", "clear"]


@scenario(False, 3, turn=0)
def error_and_banner(pane, rng):
    """A server error in the turn vetoes its banner, in whichever order they came."""
    text, first = banner(rng, pane)[0], rng.random() < 0.5
    if first:
        pane.hang(pane.result(text))
    pane.server_error()
    if not first:
        pane.add(wrap(text, pane.width)) if newer(pane.version, 2, 1, 100) else pane.hang(pane.result(text))
    return ["server_error"]


@scenario(False, 2, "2.1.61 2.1.330", turn=1)
def usage_panel(pane, rng):
    rows, bar = ["▔" * pane.width, "  Settings  Status   Config   Usage   Stats", ""], max(4, min(50, pane.width - 16))
    for title, form in (("Current session", "zoned"), ("Current week (all models)", "date"), ("Current week (Sonnet only)", "date")):
        share = rng.randint(0, 96)
        rows += ["  " + title, "  " + ("█" * (bar * share // 100)).ljust(bar) + f" {share}% used", "  Resets " + reset(rng, pane.at, pane.zone, form)[0], ""]
    pane.lower = [cut(row, pane.width) for row in rows] + ["  Esc to cancel"]
    return ["clear", "warning"]


@scenario(False, 2, turn=0)
def other_limits(pane, rng):
    if rng.random() < 0.5:
        pane.hang(pane.result("Context limit reached · /compact or /clear to continue"))
    else:
        pane.tool("Task(Look for callers)", ["Subagent nesting limit reached"])
        pane.bullet("I'll do this part without a subagent.")


@scenario(False, 2, "2.1.234 2.1.330", turn=0)
def limit_over(pane, rng):
    """The limit was reset: the session goes on by itself, or waits for a key."""
    if rng.random() < 0.5:
        pane.hang(pane.result(fill(rng, pane, "You've hit your 5-hour limit · resets {}", "zoned")[0]))
        pane.bullet("Usage limit reset · continuing automatically", 8)
        after_bait(pane)
    else:
        local = pane.local(pane.at - datetime.timedelta(minutes=rng.randint(1, 20)))
        pane.hang(pane.result(f"You've hit your 5-hour limit · resets {clock_text(local)} ({pane.zone})"))
        pane.notice = "Your usage limit has reset · press enter to continue"


@scenario(False, 5, turn=0)
def later_activity(pane, rng):
    """The session has worked since: the banner is history, in this turn or an earlier one."""
    text = banner(rng, pane)[0]
    pane.hang(pane.result(text))
    upgrade(pane, text)
    if rng.random() < 0.6:
        pane.prompt(rng.choice(ASKS))
        after_bait(pane)
    else:
        pane.work(rng.randint(1, 3))
        pane.done()


@scenario(False, 3, "1.0.31 2.0.1 2.1.147 2.1.330", turn=0)
def expired(pane, rng):
    """The banner names a moment that is past, or, with a window of five hours, one that this window cannot hold."""
    gone = pane.at - datetime.timedelta(days=rng.randint(1, 20), minutes=rng.randint(0, 600))
    far, local = pane.local(pane.at + datetime.timedelta(minutes=rng.randint(400, 1200))), pane.local(gone)
    text = rng.choice([f"You've hit your 5-hour limit · resets {clock_text(far)} ({pane.zone})",
                       f"You've hit your weekly limit · resets {MONTHS[local.month - 1][:3]} {local.day}, {clock_text(local)} ({pane.zone})"])
    pane.hang(pane.result(text if newer(pane.version, 2, 1) else f"Claude AI usage limit reached|{int(gone.timestamp())}"))


@scenario(False, 7, turn=0)
def prose(pane, rng):
    """Sentences that begin with, mention or wrap onto the banner's words."""
    words, kind = bait(rng, pane), rng.randint(0, 4)
    opening = rng.choice(["You've hit your limit when the counter passes a hundred, so the fixture has to stop at ninety-nine.",
                          "Usage limit reached is the text the old versions print; the parser now accepts both and the tests say which.",
                          "5-hour limit reached means that the window is full, which our stub answers with a 429 and a header.",
                          "You've hit your session limit in the sense of the web framework: sixteen sessions, then the oldest is dropped.",
                          "Weekly limit reached, in the words of 2.0, is what the table calls exhausted."])
    pane.says([[opening], [f'The pane shows "{words}" and the monitor then asks for a switch. That is the whole rule.'],
               [f"{filled(rng, pane.width - 2, words.split(' ')[0])} {words}, and after that it sleeps until the next poll."],
               ["It matches this row:", [f"▎ {words}"], "and nothing else in that block."], [rng.choice(SAYS), opening, "Shall I change it?"]][kind])
    if rng.random() < 0.7:
        pane.done()


@scenario(False, 4, turn=0)
def code_and_lists(pane, rng):
    """The model shows the words as code or as items of a list and says more below."""
    words = bait(rng, pane)
    rows = rng.choice([[f'banner = "{words}"', "assert judge(banner) == EXHAUSTED"], [words, "/upgrade to increase your usage limit."],
                       [f"- {words}", "- API Error: 500 Internal server error.", "- Retrying in 4 seconds…"],
                       [f"1. {words} (2.1)", "2. Session limit reached ∙ resets 8pm (2.0)"], [f"> {words}"]])
    pane.says(["These are the rows that count:", rows, rng.choice(SAYS)])
    if rng.random() < 0.7:
        pane.done()


@scenario(False, 8, turn=0)
def tool_output(pane, rng):
    """The words are a tool's argument and its output: a grep, a log, a diff, a search."""
    words, other = bait(rng, pane), bait(rng, pane)
    call, output = rng.choice([
        ('Bash(grep -rhn "hit your limit" .)', [words, other, f"12:{words}"]), ("Bash(cat quota.log)", [words, "/upgrade to increase your usage limit.", other]),
        (f'Bash(grep -c "{words}" panes/*.txt)', ["panes/a.txt:1", "panes/b.txt:0"]), ("Bash(git log --oneline -3)", [f"1f2e3d4 match {words}", "99aa00b wip", "c0ffee1 start"]),
        ("Update(src/banners.py)", ["Updated src/banners.py with 1 addition and 1 removal", "10      BANNERS = [", f'11 -        "{other}",', f'11 +        "{words}",', "12      ]"]),
        ("Searched for 1 pattern (ctrl+o to expand)", [f'"{words}"']), ("Bash(sort -u banners.txt)", [words, other]),
        ("Bash(tmux capture-pane -p -t worker)", ["❯ go on", f"  ⎿  {words}", "", "● Usage limit reached · set to continue automatically at 8pm"])])
    pane.tool(call, output, rng.choice([0, 0, 7]))
    if rng.random() < 0.3:
        pane.tool(call, output)
    after_bait(pane)


@scenario(False, 2)
def shell_mode(pane, rng):
    """`! command`: the user's own shell, inside the program."""
    pane.history()
    pane.keep_from(len(pane.blocks))
    pane.add([f"! {rng.choice(['cat banner.txt', 'tail -3 agent.log', 'grep -h limit *.log'])}"])
    pane.hang(pane.output([bait(rng, pane), "/upgrade to increase your usage limit.", "done"]))
    if rng.random() < 0.5:
        pane.prompt(rng.choice(ASKS))
        after_bait(pane)


@scenario(False, 4)
def user_prompt(pane, rng):
    pane.history()
    words = bait(rng, pane)
    pane.keep_from(len(pane.blocks))
    pane.prompt(rng.choice([f"why do I see: {words}", words, f"what does this mean:\n\n{words}\n\nand how do I get rid of it?",
                            f"match these\n{words}\n/upgrade to increase your usage limit.\nin the pack", f"{filled(rng, pane.width - 2, words.split(' ')[0])} {words}"]))
    after_bait(pane)


@scenario(False, 4, turn=1)
def draft(pane, rng):
    """Typed and not sent."""
    words = bait(rng, pane)
    pane.done()
    pane.draft = rng.choice([words, f"why do I see: {words}", f"look:\n{words}\nis that right?", f"{words}\n{bait(rng, pane)}",
                             f"{filled(rng, pane.width - 2, words.split(' ')[0])} {words}"])


@scenario(False, 4, "2.0.47 2.1.61 2.1.330", turn=1)
def dialog(pane, rng):
    """Permission, question and plan: the program asks about a text that contains the words."""
    words, edge = bait(rng, pane), "╌" * pane.width
    body = rng.choice([
        [" Bash command", "", f'   grep -rn "{words}" src', f"   Search for {words}", "", " Do you want to proceed?", " ❯ 1. Yes",
         "   2. Yes, and don't ask again for grep commands", "   3. No, and tell Claude what to do differently (esc)"],
        [" ☐ Banner", "", f'What should the monitor do on "{words}"?', "", "❯ 1. Switch at once", f"     Treat {words} as exhausted",
         "  2. Ask first", "  3. Type something.", "", "Enter to select · ↑/↓ to navigate · Esc to cancel"],
        [" Ready to code?", "", " Here is Claude's plan:", edge, " Detect the banner", "", f" - {words}", f" - then: {words}", edge, " Would you like to proceed?", "",
         " ❯ 1. Yes, and auto-accept edits", "   2. No, keep planning"]])
    pane.lower = pane.wrapped(["─" * pane.width] + body)


@scenario(False, 2, "2.1.61 2.1.330", turn=1)
def task_names(pane, rng):
    pane.spinner()
    pane.tasks(rng.choice([5, 20]), TASKS[:3] + [f"Detect {bait(rng, pane)}", f"{bait(rng, pane)}: find out who prints it"])


@scenario(False, 2)
def scrolled_into(pane, rng):
    """The top of the screen is the middle of an answer or of a tool's output."""
    words, answer = bait(rng, pane), rng.random() < 0.5
    if answer:
        pane.bullet(f"{filled(rng, pane.width - 2, words.split(' ')[0])} {words}, and after that it sleeps until the next poll.")
    else:
        pane.tool("Bash(cat quota.log)", ["start", words, bait(rng, pane), "end"])
    pane.keep_from(-1, 1 if answer else 2)
    after_bait(pane, 1)


@scenario(False, 4, make=lambda rng: SCENARIOS[rng.choice(["false_prose", "false_code_and_lists", "false_draft"])][2](rng)[0])
def half_drawn(pane, rng):
    """Caught between two frames of a healthy session: rows doubled, missing, or from the frame before."""
    box, other = pane.box(), pane.box()
    bottom = max(number for number, row in enumerate(box) if row[:1] in ("─", "╰"))
    pane.lower = rng.choice([box[:bottom] + box[bottom + 1:], box + other, box[:bottom + 1] + [""] + other, box[:bottom + 1]])


@scenario(False, 6, make=Codex)
def codex_not(pane, rng):
    """Codex: output, prose, prompts, drafts and approvals that hold the words, and a banner with work below it."""
    pane.history()
    words = "You’ve hit your usage limit. Upgrade to Pro (https://chatgpt.com/explore/pro) or try again at " + reset(rng, pane.at, pane.zone, "ampm")[0] + "."
    kind = rng.choice(["ran", "prose", "prompt", "draft", "approval", "later", "wrapped"])
    pane.keep_from(len(pane.blocks))
    pane.prompt(f"what is\n{words}\nabout?" if kind == "prompt" else rng.choice(ASKS))
    if kind == "later":
        pane.error(words)
        pane.prompt(rng.choice(ASKS))
    if kind == "ran":
        pane.ran(rng.choice(["cat agent.log", 'rg "hit your usage limit"']), [words, "■ " + words])
    if kind == "prose":
        pane.bullet(f'A pane that shows "{words}" is blocked; usage_limit_reached in a log is not, and 429 Too Many Requests passes.')
    if kind == "wrapped":
        pane.bullet(f"{filled(rng, pane.width - 3, 'You’ve')} {words} It then sleeps.")
    if kind == "draft":
        pane.draft = rng.choice([words, f"why\n{words}"])
    if kind == "approval":
        pane.lower = pane.wrapped(["  Would you like to run the following command?", "", f'  $ grep -rn "{words}" .', "", "› 1. Yes, proceed (y)",
                                   "  2. No, and tell Codex what to do differently (esc)", "", "  Press enter to confirm or esc to cancel"])
    else:
        pane.bullet(rng.choice(SAYS))
        pane.worked()


@scenario(False, 3, make=Codex)
def codex_errors(pane, rng):
    pane.history()
    pane.prompt(rng.choice(ASKS))
    pane.keep_from(-1)
    text, verdict = rng.choice([("We’re currently experiencing high demand, which may cause temporary errors.", "server_error"),
                                ("Selected model is at capacity. Please try a different model.", "server_error"),
                                ("exceeded retry limit, last status: 429 Too Many Requests", "throttled"),
                                ("unexpected status 401 Unauthorized: Incorrect API key provided., url: http://127.0.0.1:8611/v1/responses", "auth"),
                                ("Heads up, you have less than 10% of your 5h limit left. Run /status for a breakdown.", "warning")])
    pane.error(text, "⚠" if verdict == "warning" else "■")
    if verdict == "warning" and pane.width > 70 and rng.random() < 0.5:
        pane.lower = ["  Approaching rate limits", "  Switch to gpt-6-luna for lower credit usage?", "", "› 1. Switch to gpt-6-luna  Fast and affordable model.",
                      "  2. Keep current model", "  3. Keep current model (never show again)", "", "  enter select · esc back"]
    return [verdict]


@scenario(False, 4, make=Gemini)
def gemini_not(pane, rng):
    """Gemini: tool boxes, confirmations, prose and prompts that hold the words; a retry that only thinks; a key that is refused."""
    pane.history()
    words = f"Usage limit reached for all Pro models. Access resets at {reset(rng, pane.at, pane.zone, 'gmt')[0]}."
    kind = rng.choice(["tool", "tool", "confirm", "prose", "prompt", "thinks", "auth"])
    pane.keep_from(len(pane.blocks))
    pane.prompt(f"what is\n{words}\nabout?" if kind == "prompt" else rng.choice(ASKS))
    if kind == "thinks":
        pane.thinking = True
        return ["clear", "throttled"]
    if kind == "auth":
        pane.bullet('[API Error: {"error":{"code":400,"status":"INVALID_ARGUMENT","message":"API key not valid. Please pass a valid API key."}}]', "✕")
        return ["auth"]
    if kind == "confirm":
        pane.boxed([f'?  Shell grep "{words}" src', "", f'grep "{words}" src', "", "Allow execution of: 'grep'?", "", "● 1. Allow once", "  2. No, suggest changes (esc)"])
        pane.lower = [""]
        return None
    if kind == "tool":
        pane.boxed(["✓  Shell cat agent.log", "", *words.replace(". ", ".\n").split("\n"), "/stats model for usage details"])
    if kind == "prose":
        pane.bullet(f'A pane that shows "{words}" is blocked; a log that does is not.')
    pane.bullet(rng.choice(SAYS))
    return None


@scenario(False, 6, make=lambda rng: Pane(rng, "shell", "", rng.randint(60, 200)))
def shell(pane, rng):
    """No agent at all: a file that holds the words, printed, edited or paged, and the shell's prompt after it."""
    words, more, kind = bait(rng, pane), bait(rng, pane), rng.choice(["printed", "printed", "whole screen"])
    if kind == "printed":
        ready = rng.choice(["$ ", "dev@build:~/acme$ ", "~/acme ❯ ", "➜  acme git:(main) "])
        printed = rng.choice([
            ["cat agent.log", "❯ go on", f"  ⎿  {words}", "", more], ["grep -rn limit .", f"./agent.log:3:{words}", f"./src/a.py:9:    {more}"],
            ["tail -2 agent.log", words, more], ["git log -1", "commit 1f2e3d4c5b6a", "Author: Dev <dev@example.org>", "", f"    Match {words}", "", f"    {more}"]])
        pane.add([ready + "ls", "agent.log  src  tests"])
        pane.add([ready + printed[0], *(row[i:i + pane.width] for row in printed[1:] for i in range(0, max(1, len(row)), pane.width)), ready])
        pane.keep_from(-1)
        return
    body, last = rng.choice([(["# Banners", "", words, f"- {more}", *["~"] * 12], '"banners.md" 4L, 211B                    3,1  All'),
                             (["Banners", "", f"  {words}", more, "  end"], rng.choice([":", "(END)"])),
                             (["  PID USER  %CPU COMMAND", f" 4211 dev   12.0 grep -rn {words} .", " 4212 dev    0.3 tmux", f" 4213 dev    0.1 vim {more}"],
                              "F1Help  F2Setup  F3Search  F10Quit")])
    pane.add([row[:pane.width] for row in body])
    pane.keep_from(0)
    pane.lower, pane.sticky = [last], True


# ---------------------------------------------------------------------------------------------------------------- output


def draw(seed, number, names):
    """Screen `number` of a seed: a generator of its own, so that no screen depends on those before it."""
    rng = random.Random(f"{seed}:{number}")
    true = rng.random() < 0.5
    fitting = [name for name in names if SCENARIOS[name][1] == true] or names
    name = rng.choices(fitting, [SCENARIOS[each][0] for each in fitting])[0]
    pane, allowed, when = SCENARIOS[name][2](rng)
    pane.limited = allowed == EXHAUSTED
    screen = pane.finish() if hasattr(pane, "finish") else pane.screen()
    return {"id": f"{seed}-{number:05}-{name}", "program": pane.program, "version": pane.version, "width": pane.width, "scenario": name,
            "screen": screen, "at": pane.at.strftime("%Y-%m-%dT%H:%M:%SZ"), "timezone": pane.host or pane.zone, "allowed": allowed,
            "reset_at": when.strftime("%Y-%m-%dT%H:%M:%SZ") if when else None}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--only", default="", help="scenarios whose name contains this")
    parser.add_argument("--summary", action="store_true", help="counts by scenario instead of screens")
    parser.add_argument("--show", action="store_true", help="screens for a person: NBSP as ~, narrow spaces as ^")
    options = parser.parse_args()
    names = [name for name in SCENARIOS if options.only in name]
    if not names:
        parser.error(f"no scenario's name contains '{options.only}'; there are: {', '.join(SCENARIOS)}")
    drawn = (draw(options.seed, number, names) for number in range(options.count))
    if options.summary:
        counts = collections.Counter(each["scenario"] for each in drawn)
        print("\n".join(f"{counts[name]:6} {name}" for name in SCENARIOS if counts[name]))
        print(f"{sum(counts[n] for n in counts if SCENARIOS[n][1]):6} true, {sum(counts[n] for n in counts if not SCENARIOS[n][1])} false")
        return
    for each in drawn:
        if not options.show:
            print(json.dumps(each, ensure_ascii=False))
            continue
        print(f"\n##### {each['id']} {each['program']} {each['version']} width {each['width']} {each['at']} {each['timezone']} "
              f"{each['allowed']} {each['reset_at']}")
        print("\n".join("|" + row for row in each["screen"].rstrip("\n").replace(NBSP, "~").replace(THIN, "^").split("\n")))


if __name__ == "__main__":
    main()
