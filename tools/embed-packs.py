#!/usr/bin/env python3
"""Writes a C++ source that holds the packs given, each named by its file.

Called by the build: embed-packs.py OUTPUT.cc PACK.json...
"""
import pathlib
import sys

from cpp_literal import literal


def main():
    output, *packs = map(pathlib.Path, sys.argv[1:])
    entries = [
        f'    {{"{path.stem}",\n{literal(path.read_text(encoding="utf-8"))}}},' for path in packs
    ]
    output.write_text(
        "// Made by tools/embed-packs.py; the packs stand in src/judge/packs.\n"
        '#include "judge/rules/builtin_packs.h"\n\n'
        "#include <array>\n\n"
        "namespace quotawatch {\n\n"
        "std::span<const BuiltinPack> builtin_packs() {\n"
        f"  static constexpr std::array<BuiltinPack, {len(packs)}> packs{{{{\n"
        + "\n".join(entries)
        + "\n  }};\n  return packs;\n}\n\n}  // namespace quotawatch\n",
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
