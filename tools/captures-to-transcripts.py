#!/usr/bin/env python3
"""Turns recordings of real agents into transcripts, and says where a pack fails on them.

  captures-to-transcripts.py --quotawatch BINARY --output FOLDER CAPTURE.jsonl...
      Writes FOLDER/PROGRAM/VERSION-COLUMNS-SCENARIO.transcript for each capture.
      The same captures and the same decisions give the same bytes.

  captures-to-transcripts.py --summary FOLDER
      Counts, over the transcripts in FOLDER, the settled screens that are judged
      rightly and wrongly, as a Markdown table.

A capture is JSON Lines. First the header: program, version, cols, rows, scenario,
timezone, started (UTC) and steps, each with the mode the stand-in for the service
was in, what was typed, and the truth afterwards. Then one object a screen: t
(seconds since the start), step, pane (rows ended by newlines) and, on the last
screen of a step, settled.

Each transcript watches the recorded pane as one dedicated session. Expectations are
what the pack decides today, written by `replay --bless`; where that is wrong, a
`# seed-pack: WRONG` line below the header says so.
"""
import argparse
import collections
import datetime
import json
import pathlib
import re
import subprocess

PACK = "seed"
SESSION = "agent"

# A settled screen stands for at least 0.61 s before the next step changes it: polls
# every 0.5 s see each of them. The cooldown is short, so that every step of a
# recording can be decided on.
POLL_INTERVAL = datetime.timedelta(milliseconds=500)
CONFIG = {
    "quota": {"poll_interval": "500ms", "reactivate_cooldown": "2s", "interactive_threshold": 1},
    "pool": {"dedicated": [{"name": SESSION}]},
    "accounts": [{"name": "a"}, {"name": "b"}],
    "active_account": "a",
    "pack": PACK,
}

SETTLED = re.compile(r"# step (\d+) settled: truth (\S+), judged (\S+)")


def is_right(truth, verdict):
    """Whether a verdict that counts as a hit was given exactly where the account was exhausted."""
    return (truth == "exhausted") == (verdict in ("exhausted", "throttled"))


def seconds(duration):
    """`duration` as a transcript writes it: "5.69s"."""
    return f"{duration.total_seconds():.3f}".rstrip("0").rstrip(".") + "s"


def load(path):
    """The header and the screens of a capture; offsets become timedeltas."""
    header, *screens = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    for screen in screens:
        screen["offset"] = datetime.timedelta(seconds=screen["t"])
    return header, screens


def judge(binary, header, screens):
    """The verdict on each screen at its time, from `explain --jsonl`."""
    start = datetime.datetime.fromisoformat(header["started"].replace("Z", "+00:00"))
    requests = [
        {
            "id": str(number),
            "screen": screen["pane"],
            "at": (start + screen["offset"]).isoformat(timespec="milliseconds"),
            "timezone": header["timezone"],
        }
        for number, screen in enumerate(screens)
    ]
    answers = subprocess.run(
        [binary, "explain", "--jsonl", "--pack", PACK],
        input="\n".join(map(json.dumps, requests)),
        capture_output=True,
        encoding="utf-8",
        check=True,
    ).stdout
    return [json.loads(answer)["verdict"] for answer in answers.splitlines()]


def last_poll(screens):
    """The first poll at or after the last screen."""
    intervals = -(-screens[-1]["offset"] // POLL_INTERVAL)
    return intervals * POLL_INTERVAL


def transcript(header, screens, verdicts):
    """The lines of the transcript, without expectations."""
    body = []
    wrong = []
    step_before = None
    for screen, verdict in zip(screens, verdicts):
        number = screen["step"]
        step = header["steps"][number]
        if number != step_before:
            step_before = number
            typed = json.dumps(step["typed"], ensure_ascii=False)
            body += ["", f"# step {number}: mode {step['mode']}, typed {typed}, truth {step['truth']}"]
        if screen.get("settled"):
            judged = f"truth {step['truth']}, judged {verdict}"
            body.append(f"# step {number} settled: {judged}")
            if not is_right(step["truth"], verdict):
                wrong.append(f"# {PACK}-pack: WRONG at step {number}: {judged}")
        body.append(f"@{seconds(screen['offset'])} screen {SESSION} {header['cols']}x{header['rows']}")
        body += ["|" + row for row in screen["pane"].removesuffix("\n").split("\n")]
    size = f"{header['cols']}x{header['rows']}"
    return [
        "quotawatch-transcript 1",
        f"start {header['started']}",
        f"timezone {header['timezone']}",
        f"config {json.dumps(CONFIG, separators=(',', ':'))}",
        f"source {header['program']} {header['version']}, {size}, {header['scenario']}",
        f"until {seconds(last_poll(screens))}",
        "",
        *wrong,
        *(body if wrong else body[1:]),  # which begins with an empty line
    ]


def convert(binary, capture, output):
    header, screens = load(capture)
    name = f"{header['version']}-{header['cols']}-{header['scenario']}.transcript"
    path = output / header["program"] / name
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = transcript(header, screens, judge(binary, header, screens))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def summarise(folder):
    """Recall: exhausted screens seen. False alarms: hits on screens that are not."""
    counts = collections.defaultdict(collections.Counter)
    for path in sorted(folder.rglob("*.transcript")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if found := SETTLED.fullmatch(line):
                _, truth, verdict = found.groups()
                kind = "exhausted" if truth == "exhausted" else "other"
                right = "right" if is_right(truth, verdict) else "wrong"
                for program in (path.parent.name, "all"):
                    counts[program][kind, right] += 1
    print("| program | settled screens | right | wrong | recall | false alarms |")
    print("|---|---|---|---|---|---|")
    for program in sorted(counts, key=lambda name: (name == "all", name)):
        count = counts[program]
        exhausted = count["exhausted", "right"] + count["exhausted", "wrong"]
        other = count["other", "right"] + count["other", "wrong"]
        right = count["exhausted", "right"] + count["other", "right"]
        print(
            f"| {program} | {exhausted + other} | {right} | {exhausted + other - right} "
            f"| {count['exhausted', 'right']} of {exhausted} | {count['other', 'wrong']} of {other} |"
        )


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quotawatch", metavar="BINARY", help="the program that judges and blesses")
    parser.add_argument("--output", metavar="FOLDER", type=pathlib.Path)
    parser.add_argument("--summary", metavar="FOLDER", type=pathlib.Path)
    parser.add_argument("captures", metavar="CAPTURE", type=pathlib.Path, nargs="*")
    options = parser.parse_args()
    if options.summary:
        summarise(options.summary)
        return
    if not (options.quotawatch and options.output and options.captures):
        parser.error("--quotawatch, --output and at least one capture are needed")
    written = [convert(options.quotawatch, capture, options.output) for capture in options.captures]
    subprocess.run([options.quotawatch, "replay", "--bless", *written], check=True)


if __name__ == "__main__":
    main()
