#!/usr/bin/env python3
"""Turns screens out of public bug reports into transcripts.

  reports-to-transcripts.py --quotawatch BINARY --output FOLDER REPORTS.jsonl
      Writes FOLDER/NAME.transcript for each report. --without NAME leaves one out.

A report is an object on one line: id, source (an issue), screen, at, timezone, truth, reset, why. Expectations are what is
decided, written by `replay --bless`. The comment above the screen says what was true, and when the limit ended, for
tests/corpus/measure.py.
"""
import argparse
import json
import pathlib
import re
import subprocess

CONFIG = {"pool": {"dedicated": [{"name": "agent"}]}, "accounts": [{"name": "a"}, {"name": "b"}], "active_account": "a"}


def transcript(report):
    rows = report["screen"].rstrip("\n").split("\n")
    width = max(map(len, rows))
    shows = "exhausted" if report["truth"] == "exhausted" else "no-exhaustion"
    resets = f", resets {report['reset']}" if report["reset"] else ""
    return [
        "quotawatch-transcript 1",
        f"# {report['source']}:",
        *(f"# {line.rstrip()}" for line in re.findall(r".{1,110}(?:\s|$)", report["why"])),
        f"start {report['at']}",
        f"timezone {report['timezone']}",
        f"config {json.dumps(CONFIG, separators=(',', ':'))}",
        f"source report public, {max(width, 20)}x{max(len(rows), 5)}",
        "until 1m",
        "",
        f"# settled, shows {shows}{resets}",
        f"@0s screen agent {max(width, 20)}x{max(len(rows), 5)}",
        *("|" + row for row in rows),
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quotawatch", metavar="BINARY", required=True)
    parser.add_argument("--output", metavar="FOLDER", type=pathlib.Path, required=True)
    parser.add_argument("--without", metavar="NAME", action="append", default=[])
    parser.add_argument("reports", type=pathlib.Path)
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    written = []
    for line in options.reports.read_text(encoding="utf-8").splitlines():
        report = json.loads(line)
        name = re.sub(r"[^\w.-]+", "-", report["id"])
        if name in options.without:
            continue
        written.append(options.output / f"{name}.transcript")
        written[-1].write_text("\n".join(transcript(report)).rstrip() + "\n", encoding="utf-8")
    subprocess.run([options.quotawatch, "replay", "--bless", *written], check=True)


if __name__ == "__main__":
    main()
