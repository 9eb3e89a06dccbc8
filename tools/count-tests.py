#!/usr/bin/env python3
"""Counts the test cases that `meson test` ran, from the JUnit file it leaves.

    count-tests.py TESTLOG.junit.xml

Prints a line a suite, the names of what failed and, last, `N passed, N failed, N skipped`. Exit code 1 if a case
failed or none ran: a suite that ran no test must not look green.
"""
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter


def outcome_of(case):
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed"
    if case.find("skipped") is not None or case.get("status") == "notrun":
        return "skipped"
    return "passed"


def main():
    try:
        root = ElementTree.parse(sys.argv[1]).getroot()
    except (OSError, ElementTree.ParseError) as error:
        print(f"count-tests: no results to count: {error}", file=sys.stderr)
        return 1
    total = Counter()
    failed = []
    for suite in root.iter("testsuite"):
        outcomes = [(case.get("name"), outcome_of(case)) for case in suite.iter("testcase")]
        counts = Counter(outcome for _, outcome in outcomes)
        failed += [name for name, outcome in outcomes if outcome == "failed"]
        total += counts
        print(f"{suite.get('name'):<40} {counts['passed']:>5} passed {counts['failed']:>4} failed")
    for name in failed:
        print(f"failed: {name}")
    print(f"{total['passed']} passed, {total['failed']} failed, {total['skipped']} skipped")
    return 0 if total["passed"] > 0 and total["failed"] == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
