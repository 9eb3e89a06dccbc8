#!/usr/bin/env python3
"""Copies sources with bugs in them, each of which a name switches on at run time.

    plant.py BUGS.json SOURCE_ROOT OUTPUT_FOLDER [--list]

A bug replaces the one place in its file where `find` stands by `put`, in which PLANTED stands for
"this bug is in force". A place that is not there, or there twice, is an error: the sources moved on
and the bug has to follow. --list prints the files that are copied.
"""
import json
import sys
from pathlib import Path


def plant(text, bugs):
    for bug in bugs:
        count = text.count(bug["find"])
        if count != 1:
            sys.exit(f"{bug['file']}: bug {bug['name']!r}: its place stands there {count} times, not once:\n"
                     f"  {bug['find']}")
        planted = f'quotawatch::canaries::planted("{bug["name"]}")'
        text = text.replace(bug["find"], bug["put"].replace("PLANTED", planted))
    return '#include "tests/canaries/planted.h"\n' + text


def main():
    bugs = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    root, output = Path(sys.argv[2]), Path(sys.argv[3])
    files = list(dict.fromkeys(bug["file"] for bug in bugs))
    if "--list" in sys.argv:
        print("\n".join(files))
        return
    for name in files:
        text = plant((root / name).read_text(encoding="utf-8"), [bug for bug in bugs if bug["file"] == name])
        (output / ("planted_" + Path(name).name)).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
