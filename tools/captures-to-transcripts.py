#!/usr/bin/env python3
"""Turns recordings of real agents into transcripts.

  captures-to-transcripts.py --quotawatch BINARY --output FOLDER CAPTURE.jsonl...
      Writes FOLDER/PROGRAM/VERSION-COLUMNS-SCENARIO.transcript for each capture.
      The same captures and the same decisions give the same bytes.

A capture is JSON Lines. First the header: program, version, cols, rows, scenario,
timezone, started (UTC) and steps, each with the mode the stand-in for the service
was in, what was typed, and the truth afterwards. Then one object a screen: t
(seconds since the start), step, pane (rows ended by newlines) and, on the last
screen of a step, settled.

Each transcript watches the recorded pane as one dedicated session. Expectations are
what is decided, written by `replay --bless`. A comment above each screen says what
it shows, for tests/corpus/measure.py: the truth of the run, not what any pack found.
"""
import argparse
import datetime
import json
import pathlib
import subprocess

SESSION = "agent"

# A settled screen lasts at least 0.61 s before the next step changes it, so polls every 0.5 s see
# each one. The cooldown is short, so that every step of a recording can lead to a decision.
POLL_INTERVAL = datetime.timedelta(milliseconds=500)
CONFIG = {
    "quota": {"poll_interval": "500ms", "reactivate_cooldown": "2s", "interactive_threshold": 1},
    "pool": {"dedicated": [{"name": SESSION}]},
    "accounts": [{"name": "a"}, {"name": "b"}],
    "active_account": "a",
}

# The screen's verdict for each state of the service.
SHOWN = {
    "healthy": "clear",
    "exhausted": "exhausted",
    "warning": "warning",
    "server_error": "server_error",
    "rate_limited": "throttled",
    "auth": "auth",
    "not": "no-exhaustion",
    None: None,  # it is unknown
}

# Screens that lag behind, by version, scenario and step: a warning is drawn one step later, and a
# limit menu swallows what is typed next. An API key's 429 is a throttle.
LAGGING = {
    ("2.1.330", "warning_5h", 0): "clear",
    ("2.1.330", "warning_5h", 1): "warning",
    ("2.1.61", "warning_5h", 1): "warning",
    ("2.1.330", "weekly_limit", 2): "exhausted",
    ("2.1.61", "session_limit", 2): "exhausted",
    ("2.1.330", "api_429", 1): "throttled",
    ("2.1.332", "warning_sized", 0): "clear",
    ("2.1.332", "warning_sized", 1): "warning",
    ("0.171.0", "warning_menu_keep", 1): "warning",
    ("0.171.0", "warning_menu_keep", 2): "warning",
}


def shown(header, screen):
    """What a screen shows, according to the run's truth: frames between settled ones
    of a run in which nothing was ever exhausted show no exhaustion, whatever else."""
    number = screen["step"]
    if screen.get("settled"):
        lagging = LAGGING.get((header["version"], header["scenario"], number))
        return lagging or SHOWN[header["steps"][number]["truth"]]
    never = all(step["truth"] != "exhausted" for step in header["steps"])
    return "no-exhaustion" if never else None


def seconds(duration):
    """`duration` as a transcript writes it: "5.69s"."""
    return f"{duration.total_seconds():.3f}".rstrip("0").rstrip(".") + "s"


def load(path):
    """The header and the screens of a capture; offsets become timedeltas."""
    header, *screens = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    for screen in screens:
        screen["offset"] = datetime.timedelta(seconds=screen["t"])
    return header, screens


def last_poll(screens):
    """The first poll at or after the last screen."""
    intervals = -(-screens[-1]["offset"] // POLL_INTERVAL)
    return intervals * POLL_INTERVAL


def transcript(header, screens):
    """The lines of the transcript, without expectations."""
    body = []
    step_before = None
    for screen in screens:
        number = screen["step"]
        step = header["steps"][number]
        if number != step_before:
            step_before = number
            typed = json.dumps(step["typed"], ensure_ascii=False)
            body += ["", f"# step {number}: mode {step['mode']}, typed {typed}, truth {step['truth']}"]
        if shows := shown(header, screen):
            settled = "settled, " if screen.get("settled") else ""
            body.append(f"# {settled}shows {shows}")
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
        *body,
    ]


def convert(capture, output):
    header, screens = load(capture)
    name = f"{header['version']}-{header['cols']}-{header['scenario']}.transcript"
    path = output / header["program"] / name
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = transcript(header, screens)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quotawatch", metavar="BINARY", help="the program that judges and blesses")
    parser.add_argument("--output", metavar="FOLDER", type=pathlib.Path)
    parser.add_argument("captures", metavar="CAPTURE", type=pathlib.Path, nargs="*")
    options = parser.parse_args()
    if not (options.quotawatch and options.output and options.captures):
        parser.error("--quotawatch, --output and at least one capture are needed")
    written = [convert(capture, options.output) for capture in options.captures]
    subprocess.run([options.quotawatch, "replay", "--bless", *written], check=True)


if __name__ == "__main__":
    main()
