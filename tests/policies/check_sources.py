#!/usr/bin/env python3
"""Holds the sources against the project's own rules, which no compiler knows.

    check_sources.py PROJECT_ROOT

One file reads real time, and one the host's zone. Nothing that differs between standard libraries
decides anything. And each promise of SECURITY.md names a test that exists. Prints each breach as
FILE:LINE and ends with exit code 1 if there is one. (Which layer uses which, the linker holds:
tests/meson.build.)
"""
import re
import sys
from pathlib import Path

FORBIDDEN = [
    (re.compile(r"std::\w+_distribution"), "differs between standard libraries", set()),
    (re.compile(r"std::unordered_\w+"), "has no order that is the same everywhere", set()),
    (re.compile(r"(system|steady|high_resolution)_clock::now|\btime\(NULL|\bgettimeofday\b|clock_gettime"),
     "reads real time", {"src/os/host/system_clock.cc"}),
    (re.compile(r"current_zone\(|\"TZ\"|\btzset\(|\blocaltime(_r)?\("), "reads the host's zone",
     {"src/os/host/host_zone.cc"}),
    (re.compile(r"\bofstream\b|\bfopen\(|\bsave_file\(|\bO_CREAT\b"), "makes a file by itself",
     {"src/os/files/output_file.cc", "src/os/files/durable_file.cc"}),
    (re.compile(r"\bsystem\(|\bpopen\("), "runs a shell", set()),
    (re.compile(r"\bstd::regex\b"), "can take forever on hostile text", set()),
]

TEST = re.compile(r"\bTEST(?:_[FP])?\((\w+),\s*(\w+)\)")


def breaches(root):
    sources = sorted(
        path for folder in ("include", "src", "sim") for path in (root / folder).rglob("*")
        if path.suffix in (".h", ".cc")
    )
    for source in sources:
        path = source.relative_to(root).as_posix()
        for number, line in enumerate(source.read_text(encoding="utf-8").splitlines(), 1):
            code = line.split("//")[0]
            for pattern, why, allowed in FORBIDDEN:
                if pattern.search(code) and path not in allowed:
                    yield path, number, f"{pattern.search(code).group(0)} {why}"
    if not sources:
        yield str(root), 1, "no sources to check"
    yield from unknown_tests(root, root / "SECURITY.md")


def unknown_tests(root, page):
    """What SECURITY.md names as tests (`Suite`, `Suite.Name`, a path) and is not there."""
    tests = "\n".join(path.read_text(encoding="utf-8") for path in (root / "tests").rglob("*_test.cc"))
    known = {name for suite, test in TEST.findall(tests) for name in (suite, f"{suite}.{test}")}
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        cells = line.split("|")
        if len(cells) != 4 or cells[2].strip() in ("tests", "---"):
            continue
        names = re.findall(r"`([^`]+)`", cells[2])
        if not names:
            yield page.name, number, "a promise without a test"
        for name in names:
            if name not in known and not (root / name).exists():
                yield page.name, number, f"there is no test {name}"


def main():
    found = list(breaches(Path(sys.argv[1])))
    for path, number, problem in found:
        print(f"{path}:{number}: {problem}")
    print(f"{len(found)} breaches")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
