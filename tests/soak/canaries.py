#!/usr/bin/env python3
"""Lets monitors with mutants live through a soak, which has to find each of them.

    canaries.py BUILD_FOLDER CANARY_PROGRAM
"""
import os
import pathlib
import subprocess
import sys

SOAK = pathlib.Path(__file__).resolve().parent / "soak.py"
# The mutant, the exit code that a soak must give with it, and its output.
BUGS = (
    ("a suspicion is never remembered", 4, "violation: liveness"),
    ("hooks are never started", 3, "single flight"),
    ("old banners are fresh", 3, "violation: false switch"),
    ("keys are sent before they are saved", 3, "twice for one attempt"),
    ("a draft is typed over", 3, "typed into a draft"),
    ("stopped sessions are not asked", 4, "nobody asks them"),
)


def find(bug, code, words, build, program, seed):
    """Empty if the soak found the bug; else what it said."""
    command = [sys.executable, str(SOAK), "--build", build, "--binary", program, "--minutes", "2",
               "--sessions", "10", "--seed", seed]
    ended = subprocess.run(command, env={**os.environ, "QUOTAWATCH_MUTANT": bug}, capture_output=True,
                           text=True, check=False, timeout=240)
    if ended.returncode == 77:
        sys.exit(77)
    found = ended.returncode == code and words in ended.stdout
    return "" if found else f"exit code {ended.returncode}\n{ended.stdout}{ended.stderr}"


def main():
    failed = 0
    for bug, code, words in BUGS:
        # What a bug meets in real time differs from run to run: one that is missed once must be found with other faults.
        said = find(bug, code, words, sys.argv[1], sys.argv[2], "1")
        said = said and find(bug, code, words, sys.argv[1], sys.argv[2], "2")
        print(f"{bug}: {'NOT found, ' + said if said else 'found'}", flush=True)
        failed += bool(said)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
