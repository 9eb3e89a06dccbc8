#!/usr/bin/env python3
"""Prints Google Benchmark's JSON results as one table: medians, and how many times the baseline costs.

    benchmark-table.py RESULTS.json

Benchmarks are named `WHAT/quotawatch` and `WHAT/baseline: HOW`; both stand in one row.
"""
import json
import sys

UNIT_NS = {"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9}


def readable(nanoseconds):
    for unit in ("s", "ms", "us"):
        if nanoseconds >= UNIT_NS[unit]:
            return f"{nanoseconds / UNIT_NS[unit]:.3g} {unit}"
    return f"{nanoseconds:.3g} ns"


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        results = json.load(file)["benchmarks"]
    rows = {}
    for result in results:
        if result.get("aggregate_name") != "median":
            continue
        what, how = result["run_name"].split("/")[:2]
        row = rows.setdefault(what, {})
        row["baseline" if how.startswith("baseline") else "ours"] = (
            result["real_time"] * UNIT_NS[result["time_unit"]]
        )
        if "years_a_second" in result:
            row["how"] = f"none; {result['years_a_second']:.2f} years in a second of one core"
        if how.startswith("baseline"):
            row["how"] = how.removeprefix("baseline: ")
    print(f"{'what':<42} {'quotawatch':>11} {'baseline':>11} {'ratio':>8}  baseline is")
    for what, row in rows.items():
        ours = readable(row["ours"]) if "ours" in row else ""
        baseline = readable(row["baseline"]) if "baseline" in row else ""
        ratio = f"{row['baseline'] / row['ours']:.1f}x" if ours and baseline else ""
        print(f"{what:<42} {ours:>11} {baseline:>11} {ratio:>8}  {row.get('how', '')}")
    return 0 if rows else 1


if __name__ == "__main__":
    sys.exit(main())
