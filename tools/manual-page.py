#!/usr/bin/env python3
"""Prints a document of docs/ as a page of the manual.

    manual-page.py DOCUMENT.md PAGE.SECTION SUMMARY VERSION LOWDOWN

Links to other documents become their words: a manual has no such files.
"""
import re
import subprocess
import sys
from pathlib import Path


def main():
    document, page, summary, version, lowdown = sys.argv[1:]
    name, section = page.rsplit(".", 1)
    text = Path(document).read_text(encoding="utf-8")
    text = re.sub(r"\A# .*\n", "", text)
    text = re.sub(r"\A\s*(- \[.*\n)+", "", text)  # the list of what is in it
    text = re.sub(r"\[([^\]]+)\]\((?!https?:)[^)]*\)", r"\1", text)
    text = re.sub(r"(?m)^<!--.*-->\n", "", text)
    made = subprocess.run([lowdown, "-Tman"], input=text, capture_output=True, text=True, check=True).stdout
    print(f'.TH {name} {section} "" "quotawatch {version}"')
    print(f".SH NAME\n{name} \\- {summary}\n.SH DESCRIPTION")
    print(made.replace(r"\fC", r"\fB"), end="")  # not every printer has a font C


if __name__ == "__main__":
    main()
