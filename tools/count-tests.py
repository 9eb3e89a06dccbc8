#!/usr/bin/env python3
"""Counts the test cases that `meson test` ran, from the JUnit file it leaves.

    count-tests.py TESTLOG.junit.xml

Prints a line a suite, what failed with the last lines it said and, last, `N passed, N failed, N skipped`. Exit code 1 if a case
failed or none ran: a suite that ran no test must not look green.
"""
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter

MOST_LINES, MOST_COLUMNS = 12, 200


def outcome_of(case):
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed"
    if case.find("skipped") is not None or case.get("status") == "notrun":
        return "skipped"
    return "passed"


def said_by(case):
    """The last lines of what a failed case said: of a test of GoogleTest its failures, else its output."""
    failures = [failure.text or failure.get("message") or "" for failure in case.iter("failure")]
    outputs = [output.text or "" for output in case.iter() if output.tag in ("system-out", "system-err")]
    lines = "\n".join(failures if any(failures) else outputs).strip().splitlines()
    return [f"    {line[:MOST_COLUMNS]}" for line in lines[-MOST_LINES:]]


def main():
    try:
        root = ElementTree.parse(sys.argv[1]).getroot()
    except (OSError, ElementTree.ParseError) as error:
        print(f"count-tests: no results to count: {error}", file=sys.stderr)
        return 1
    total = Counter()
    failed = []
    for suite in root.iter("testsuite"):
        cases = list(suite.iter("testcase"))
        counts = Counter(outcome_of(case) for case in cases)
        failed += [case for case in cases if outcome_of(case) == "failed"]
        total += counts
        print(f"{suite.get('name'):<40} {counts['passed']:>5} passed {counts['failed']:>4} failed")
    for case in failed:
        print("\n".join([f"failed: {case.get('name')}", *said_by(case)]))
    print(f"{total['passed']} passed, {total['failed']} failed, {total['skipped']} skipped")
    return 0 if total["passed"] > 0 and total["failed"] == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
