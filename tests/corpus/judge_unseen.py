#!/usr/bin/env python3
"""Judges screens that nobody has looked at before, and whose truth is known.

    judge_unseen.py QUOTAWATCH --seed N --count M [--save FILE]

Draws M screens with unseen_screens.py, judges each with the default pack, and counts
what is missed, what is a false alarm, what is taken for a wrong class, and which reset
instants are wrong. Ends with 1 if there is any; names each by its id, from which
`unseen_screens.py` draws it again. --save keeps the wrong ones as JSON Lines, as
`explain --jsonl` reads them.
"""
import argparse
import collections
import json
import pathlib
import subprocess
import sys

GENERATOR = pathlib.Path(__file__).parent / "unseen_screens.py"


def draw(seed, count):
    command = [sys.executable, GENERATOR, "--seed", str(seed), "--count", str(count)]
    lines = subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout
    return [json.loads(line) for line in lines.splitlines()]


def judge(binary, screens):
    asked = [
        json.dumps({key: screen[key] for key in ("id", "screen", "at", "timezone")})
        for screen in screens
    ]
    answers = subprocess.run(
        [binary, "explain", "--jsonl"], input="\n".join(asked), capture_output=True,
        encoding="utf-8", check=True,
    ).stdout
    return [json.loads(answer) for answer in answers.splitlines()]


def fault(screen, answer):
    """What is wrong with an answer; None if nothing is."""
    exhausted = screen["allowed"] == ["exhausted"]
    if answer["verdict"] not in screen["allowed"]:
        if exhausted:
            return "missed"
        return "false alarm" if answer["verdict"] == "exhausted" else "wrong class"
    if exhausted and screen.get("reset_at") and answer["reset_at"] != screen["reset_at"]:
        return "wrong reset"
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--save", type=pathlib.Path)
    options = parser.parse_args()
    screens = draw(options.seed, options.count)
    answers = judge(options.binary, screens)
    faults = collections.Counter()
    saved = []
    for screen, answer in zip(screens, answers, strict=True):
        if wrong := fault(screen, answer):
            faults[wrong] += 1
            saved.append(json.dumps(screen))
            print(f"{screen['id']}: {wrong}: {answer['verdict']} by {answer['rule']}, "
                  f"reset {answer['reset_at']}; right: {screen['allowed']} {screen.get('reset_at')}")
    if options.save:
        options.save.write_text("".join(line + "\n" for line in saved), encoding="utf-8")
    exhausted = sum(screen["allowed"] == ["exhausted"] for screen in screens)
    print(f"{len(screens)} screens, {exhausted} of them exhausted: "
          + ", ".join(f"{faults[kind]} {kind}" for kind in
                      ("missed", "false alarm", "wrong class", "wrong reset")))
    sys.exit(1 if faults or not 0 < exhausted < len(screens) else 0)


if __name__ == "__main__":
    main()
