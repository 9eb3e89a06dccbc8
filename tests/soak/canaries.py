#!/usr/bin/env python3
"""Lets monitors with mutants live through a soak, which has to find each of them.

    canaries.py BUILD_FOLDER CANARY_PROGRAM
"""
import concurrent.futures
import os
import pathlib
import subprocess
import sys
import time

SOAK = pathlib.Path(__file__).resolve().parent / "soak.py"
# The mutant, the exit code that a soak must give with it, its output, and how sessions take keys where it matters.
BUGS = (
    ("a suspicion is never remembered", 4, "violation: liveness", None),
    ("hooks are never started", 3, "single flight", None),
    ("old banners are fresh", 3, "violation: false switch", None),
    ("keys are sent before they are saved", 3, "twice for one attempt", "plain"),
    ("a draft is typed over", 3, "typed into a draft", "draft"),
    ("stopped sessions are not asked", 4, "nobody asks them", "plain"),
)


def find(bug, code, words, temper, build, program, seed):
    """Empty if the soak found the bug; else what it said."""
    command = [sys.executable, str(SOAK), "--build", build, "--binary", program, "--minutes", "2",
               "--sessions", "10", "--seed", seed, *(["--temper", temper] if temper else [])]
    ended = subprocess.run(command, env={**os.environ, "QUOTAWATCH_MUTANT": bug}, capture_output=True,
                           text=True, check=False)
    if ended.returncode == 77:
        sys.exit(77)
    found = ended.returncode == code and words in ended.stdout
    return "" if found else f"exit code {ended.returncode}\n{ended.stdout}{ended.stderr}"


def is_found(canary):
    began = time.monotonic()
    # What a bug meets in real time differs from run to run: one that is missed once must be found with other faults.
    said = find(*canary, *sys.argv[1:3], "1")
    said = said and find(*canary, *sys.argv[1:3], "2")
    took = f"after {time.monotonic() - began:.0f} s"
    print(f"{canary[0]}: {f'NOT found {took}, {said}' if said else f'found {took}'}", flush=True)
    return not said


def main():
    # Soaks mostly wait.
    with concurrent.futures.ThreadPoolExecutor(3) as soaks:
        return 0 if all(list(soaks.map(is_found, BUGS))) else 1


if __name__ == "__main__":
    sys.exit(main())
