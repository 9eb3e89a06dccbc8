#!/usr/bin/env python3
"""How well the packs read real screens: recall, false alarms and classes.

    measure.py QUOTAWATCH FOLDER...

Judges every screen of the transcripts in each FOLDER above which a comment says what
it shows (`# settled, shows exhausted`, perhaps with `, resets 2026-08-12T18:00:00Z`), with the default pack and with `seed`, the
original monitor's way, and prints both side by side for each program, version and
width. Ends with 1 if the default pack misses an exhausted screen, calls another one
exhausted, takes one for another class than it shows, or reads another end of its limit.

What counts as seen: `exhausted`. A screen that shows no exhaustion may be anything else.
"""
import collections
import json
import pathlib
import re
import subprocess
import sys

SHOWS = re.compile(
    r"# (?:settled, )?shows (exhausted|throttled|warning|server_error|auth|clear|no-exhaustion)(?:, resets (\S+))?$"
)
SCREEN = re.compile(r"@(\S+) screen (\S+)")
SOURCE = re.compile(r"source (\S+) (\S+), (\d+)x\d+")
PACKS = ("auto", "seed")


def screens_in(path):
    """Each labelled screen of a transcript: what it shows, its rows, and where it is from."""
    program, version, width = "unknown", "-", "-"
    zone, at, shows, resets, current = "UTC", None, None, None, None
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("|"):
            if current:
                current["screen"] += line[1:] + "\n"
            continue
        if current:
            yield current
            current = None
        if found := SOURCE.match(line):
            program, version, width = found.groups()
        elif line.startswith("timezone "):
            zone = line.split()[1]
        elif line.startswith("start "):
            at = line.split()[1]
        elif found := SHOWS.match(line):
            shows, resets = found.groups()
        elif found := SCREEN.match(line):
            if shows:
                where = f"{path}: @{found.group(1)}"
                current = {"screen": "", "at": at, "timezone": zone, "shows": shows, "resets": resets, "where": where,
                           "group": (program, version, width)}
            shows = None
    if current:
        yield current


def judge(binary, pack, screens):
    """The verdict on each screen and the end of its limit, in order."""
    asked = [
        json.dumps({"id": number, **{key: screen[key] for key in ("screen", "at", "timezone")}})
        for number, screen in enumerate(screens)
    ]
    answers = subprocess.run(
        [binary, "explain", "--jsonl", "--pack", pack],
        input="\n".join(asked), capture_output=True, encoding="utf-8", check=True,
    ).stdout.splitlines()
    return [(answer["verdict"], answer["reset_at"]) for answer in map(json.loads, answers)]


def is_right(shows, verdict):
    if shows == "no-exhaustion":
        return verdict != "exhausted"
    return verdict == shows


class Score:
    """What one pack made of one group of screens."""

    def __init__(self):
        self.count = collections.Counter()

    def add(self, shows, verdict):
        kind = "exhausted" if shows == "exhausted" else "other"
        self.count[kind] += 1
        self.count[kind, "called exhausted"] += verdict == "exhausted"
        if shows != "no-exhaustion":
            self.count["classed"] += 1
            self.count["classed right"] += verdict == shows

    def cells(self):
        count = self.count
        recall = f"{count['exhausted', 'called exhausted']}/{count['exhausted']}"
        alarms = f"{count['other', 'called exhausted']}/{count['other']}"
        classes = f"{count['classed right']}/{count['classed']}"
        return f"{recall:>7}  {alarms:>12}  {classes:>7}"


def print_table(scores):
    heads = "".join(f" | {pack}: recall  false alarms  classes" for pack in PACKS)
    print(f"{'program':<12} {'version':<9} {'width':>5}{heads}")
    for group in sorted(scores, key=lambda group: (group[0] == "all", group)):
        cells = " | ".join("     " + scores[group][pack].cells() for pack in PACKS)
        print(f"{group[0]:<12} {group[1]:<9} {group[2]:>5} | {cells}")


def main():
    binary, *folders = sys.argv[1:]
    paths = sorted(path for folder in folders for path in pathlib.Path(folder).rglob("*.transcript"))
    screens = [screen for path in paths for screen in screens_in(path)]
    scores = collections.defaultdict(lambda: {pack: Score() for pack in PACKS})
    wrong = []
    for pack in PACKS:
        for screen, (verdict, resets) in zip(screens, judge(binary, pack, screens)):
            for group in (screen["group"], ("all", "", "")):
                scores[group][pack].add(screen["shows"], verdict)
            if pack == "auto" and not is_right(screen["shows"], verdict):
                wrong.append(f"{screen['where']}: shows {screen['shows']}, judged {verdict}")
            elif pack == "auto" and screen["resets"] and resets != screen["resets"]:
                wrong.append(f"{screen['where']}: resets {screen['resets']}, read {resets}")
    print_table(scores)
    for line in wrong:
        print(line)
    exhausted = sum(screen["shows"] == "exhausted" for screen in screens)
    print(f"{len(screens)} screens, {exhausted} of them exhausted, {len(wrong)} judged wrongly")
    # A corpus without screens proves nothing.
    sys.exit(1 if wrong or exhausted == 0 or exhausted == len(screens) else 0)


if __name__ == "__main__":
    main()
