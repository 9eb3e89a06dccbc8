#!/usr/bin/env python3
"""Compares quotawatch's replay with the reference model on random transcripts.

    compare.py BINARY --seed N --count M     runs both, shows the first difference
    compare.py --model-only --seed N --count M     runs the model, counts what it came by

Every decision must agree in order, moment, kind and every field the model gives. Exit code 1: some
transcript differs, or there was nothing to compare.

Needs Python 3.11 and the system's time zones.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from datetime import datetime, timezone
from pathlib import Path

from random_transcripts import duration_text, write_transcripts
from reference_model import duration_ms, instant_ms, replay

DECISIONS = {
    "suspect",
    "clear",
    "switch",
    "switch_done",
    "switch_failed",
    "switch_resumed",
    "exhausted_everywhere",
    "account",
}
INSTANTS = {"reset_at", "retry_at"}
NAMES = {"from", "to", "session", "account", "reason"}
SHOWN_AROUND_DIFFERENCE = 4


def binary_decision(line):
    """One object of the binary's journal, as the model would give it."""
    decision = {"offset_ms": duration_ms(line["offset"]), "event": line["event"]}
    for name in ("from", "to", "session", "pool", "interactive", "account", "reason"):
        decision[name] = line.get(name)
    for name in INSTANTS:
        decision[name] = instant_ms(line[name]) if line.get(name) else None
    return decision


def run_binary(binary, folder):
    """The binary's decisions on every transcript in a folder, by file name."""
    command = [binary, "replay", "--json", str(folder)]
    finished = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    # 1: the transcripts hold no expectations, so every decision fails one.
    if finished.returncode not in (0, 1):
        sys.exit(f"{' '.join(command)}: exit code {finished.returncode}\n{finished.stderr}")
    decisions = defaultdict(list)
    for text in finished.stdout.splitlines():
        if not text.startswith("{"):
            continue  # the summary
        line = json.loads(text)
        if line.get("event") in DECISIONS:
            decisions[Path(line["file"]).name].append(binary_decision(line))
    return decisions


def agrees(expected, got):
    """Whether a decision of the binary has all that the model's has; a missing name is empty."""
    return all(
        (got[name] or "") == (value or "") if name in NAMES else got[name] == value
        for name, value in expected.items()
    )


def first_difference(expected, got):
    """The place of the first decision that differs, or None."""
    for place in range(max(len(expected), len(got))):
        if place >= len(expected) or place >= len(got) or not agrees(expected[place], got[place]):
            return place
    return None


def decision_text(decision):
    """A decision as one readable line."""
    words = [duration_text(decision["offset_ms"]), decision["event"]]
    for name, value in decision.items():
        if name in ("offset_ms", "event") or value is None:
            continue
        if name in INSTANTS:
            value = datetime.fromtimestamp(value / 1000, timezone.utc).isoformat()
        words.append(f"{name}={value}")
    return " ".join(words)


def print_around(title, decisions, place):
    """The decisions of one side around the difference."""
    print(f"  {title}:")
    first = max(0, place - SHOWN_AROUND_DIFFERENCE)
    for number in range(first, place + SHOWN_AROUND_DIFFERENCE + 1):
        if number < len(decisions):
            print(f"  {'>' if number == place else ' '} {decision_text(decisions[number])}")
        elif number == place:
            print("  > (no decision)")


def compare(binary, folder):
    """Compares all transcripts of a folder; whether they agree and something was compared."""
    got = run_binary(binary, folder)
    agreeing = compared = 0
    differing = []
    for path in sorted(folder.glob("*.transcript")):
        expected = replay(path.read_text(encoding="utf-8")).decisions
        compared += len(expected)
        place = first_difference(expected, got[path.name])
        if place is None:
            agreeing += 1
            continue
        differing.append(path)
        if len(differing) == 1:
            kept = Path(tempfile.mkdtemp(prefix="quotawatch-differs-")) / path.name
            shutil.copy(path, kept)
            print(f"{kept}: decision {place + 1} differs")
            print_around("model", expected, place)
            print_around("binary", got[path.name], place)
    print(f"{agreeing} transcripts agree, {len(differing)} differ, {compared} decisions compared")
    return not differing and compared > 0


def run_model_only(folder):
    """Counts the model's decisions and paths; whether there was any decision."""
    decisions, paths = Counter(), Counter()
    for path in sorted(folder.glob("*.transcript")):
        monitor = replay(path.read_text(encoding="utf-8"))
        decisions.update(decision["event"] for decision in monitor.decisions)
        paths.update(monitor.paths)
    for title, counts in (("decisions", decisions), ("other paths", paths)):
        print(f"{title}:")
        for name, count in sorted(counts.items()):
            print(f"{count:9} {name}")
    return decisions.total() > 0


def main():
    """The command line."""
    parser = argparse.ArgumentParser(description="Compares quotawatch with the reference model.")
    parser.add_argument("binary", nargs="?", metavar="BINARY")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--model-only", action="store_true", help="run the model without a BINARY")
    arguments = parser.parse_args()
    if (arguments.binary is None) != arguments.model_only:
        parser.error("give either BINARY or --model-only")
    with tempfile.TemporaryDirectory(prefix="quotawatch-compare-") as name:
        folder = Path(name)
        write_transcripts(arguments.seed, arguments.count, folder)
        if arguments.model_only:
            fine = run_model_only(folder)
        else:
            fine = compare(arguments.binary, folder)
    sys.exit(0 if fine else 1)


if __name__ == "__main__":
    main()
