#!/usr/bin/env python3
"""Writes a C++ source that holds the page of `--html`, in the pieces around its title and data.

Called by the build: embed-page.py OUTPUT.cc page.html page.css SCRIPT.js...

The scripts are joined in the order given. The page's policy allows this style and this script by
their hashes, and nothing else.
"""
import base64
import hashlib
import pathlib
import sys

from cpp_literal import literal


def read(path):
    return path.read_text(encoding="utf-8")


def hash_of(text):
    """As a Content-Security-Policy names an inline element by its content."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode()


def assemble(page, style, script):
    parts = {
        "{{style_hash}}": hash_of(style),
        "{{script_hash}}": hash_of(script),
        "{{style}}": style,
        "{{script}}": script,
    }
    for place, text in parts.items():
        if page.count(place) != 1:
            sys.exit(f"embed-page: {place} must stand once in the page")
        page = page.replace(place, text)
    before_title, rest = page.split("{{title}}")
    before_data, after_data = rest.split("{{data}}")
    return before_title, before_data, after_data


def main():
    output, page, style, *scripts = map(pathlib.Path, sys.argv[1:])
    script = '"use strict";\n' + "\n".join(read(path) for path in scripts)
    pieces = assemble(read(page), read(style), script)
    output.write_text(
        "// Made by tools/embed-page.py; the page stands in src/report/page.\n"
        '#include "report/page/page_template.h"\n\n'
        "namespace quotawatch {\n\n"
        "PageTemplate page_template() {\n"
        "  return {\n" + ",\n".join(map(literal, pieces)) + "};\n"
        "}\n\n}  // namespace quotawatch\n",
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
