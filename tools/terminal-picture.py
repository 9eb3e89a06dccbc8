#!/usr/bin/env python3
"""Draws what a command printed on a terminal as an SVG picture, colours and all.

    COMMAND | terminal-picture.py TITLE > PICTURE.svg

Understands the SGR sequences that quotawatch prints: bold, faint and the eight colours.
"""
import re
import sys
from html import escape

COLUMNS = 118
CHARACTER_WIDTH = 7.8
LINE_HEIGHT = 17
MARGIN = 16
COLOURS = {31: "#ff7b72", 32: "#7ee787", 33: "#e3b341", 34: "#79c0ff", 35: "#d2a8ff", 36: "#76e3ea"}
SGR = re.compile(r"\x1b\[([0-9;]*)m")


def spans(line):
    """The line as (text, attributes) pieces."""
    style = {}
    at = 0
    for match in SGR.finditer(line):
        yield line[at : match.start()], dict(style)
        at = match.end()
        for code in map(int, filter(None, match.group(1).split(";"))) if match.group(1) else [0]:
            if code == 0:
                style = {}
            elif code == 1:
                style["font-weight"] = "bold"
            elif code == 2:
                style["opacity"] = "0.55"
            elif code in COLOURS:
                style["fill"] = COLOURS[code]
    yield line[at:], dict(style)


def folded(line):
    """Rows of at most COLUMNS characters, cut where a terminal would."""
    if len(SGR.sub("", line)) <= COLUMNS:
        return [line]
    plain = SGR.sub("", line)
    return [plain[at : at + COLUMNS] for at in range(0, len(plain), COLUMNS)]


def draw(title, rows):
    width = round(COLUMNS * CHARACTER_WIDTH + 2 * MARGIN)
    height = (len(rows) + 2) * LINE_HEIGHT + 2 * MARGIN
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img" aria-label="{escape(title)}">'
    )
    yield f'<rect width="{width}" height="{height}" rx="8" fill="#0d1117"/>'
    yield (
        '<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, \'DejaVu Sans Mono\', monospace" '
        'font-size="13" fill="#e6edf3" xml:space="preserve">'
    )
    yield f'<text x="{MARGIN}" y="{MARGIN + 12}" opacity="0.6">{escape(title)}</text>'
    for number, row in enumerate(rows):
        y = MARGIN + 12 + (number + 2) * LINE_HEIGHT
        pieces = "".join(
            "<tspan{}>{}</tspan>".format(
                "".join(f' {name}="{value}"' for name, value in style.items()), escape(text)
            )
            for text, style in spans(row)
            if text
        )
        yield f'<text x="{MARGIN}" y="{y}">{pieces}</text>'
    yield "</g></svg>"


def main():
    title = sys.argv[1]
    rows = [row for line in sys.stdin.read().splitlines() for row in folded(line)]
    print("\n".join(draw(title, rows)))


if __name__ == "__main__":
    main()
