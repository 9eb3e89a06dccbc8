#!/usr/bin/env python3
"""Holds the sources against the project's own rules, which no compiler knows.

    check_sources.py PROJECT_ROOT

One file reads real time, and one the host's zone; what only Linux has is behind one file a reason. Nothing that differs between standard libraries
decides anything. Each promise of SECURITY.md names a test that exists, and documents have no wide
lines and no dead links. Prints each breach as FILE:LINE and ends with exit code 1 if there is one.
(Which layer uses which, the linker holds: tests/meson.build.)
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

# What keeps quotawatch from other systems: the table in docs/design.md names each of these files.
ONLY_ON_LINUX = [
    (r"/proc/\{\}/(?!fd/\")|/proc/self/exe|/proc/uptime", {"src/os/loop/process_status.cc"}),
    (r"/proc/self/statm|\bmalloc_trim\(|\bmallopt\(|\bdl_iterate_phdr\(", {"src/os/host/memory.cc"}),
    (r"\bucred\b|SO_PEERCRED|SCM_CREDENTIALS|SO_PASSCRED|MSG_CMSG_CLOEXEC", {"src/os/control/peer.cc"}),
    (r"\bSOCK_CLOEXEC\b|\bpipe2\(", {"src/os/loop/file_descriptor.cc"}),
    (r"/proc/self/fd|\bO_PATH\b|PROC_SUPER_MAGIC", {"src/os/files/descriptor_path.cc"}),
    (r"\bl?getxattr\(", {"src/os/files/access_list.cc"}),
    (r"\bprctl\(", {"src/os/loop/spawn.cc"}),
    (r"PIPEFS_MAGIC", {"src/base/file_reader.cc"}),
    (r"\bst_[amc]tim\b", {"src/os/records/program_records.cc"}),
]
FORBIDDEN += [(re.compile(pattern), "is for Linux alone", files) for pattern, files in ONLY_ON_LINUX]

WIDEST = 120  # of a line in a document

LINK = re.compile(r"\]\(([^)\s]+)\)")

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
    design = (root / "docs" / "design.md").read_text(encoding="utf-8")
    for _, files in ONLY_ON_LINUX:
        for file in files:
            if f"`{file.removeprefix('src/')}`" not in design:
                yield "docs/design.md", 1, f"does not name {file}, which is for Linux alone"
    yield from unknown_tests(root, root / "SECURITY.md")
    yield from document_breaches(root)


def unknown_tests(root, page):
    """Promises of SECURITY.md without tests (`Suite`, `Suite.Name`, a path), or with unknown ones."""
    tests = "\n".join(path.read_text(encoding="utf-8") for path in (root / "tests").rglob("*_test.cc"))
    known = {name for suite, test in TEST.findall(tests) for name in (suite, f"{suite}.{test}")}
    text = page.read_text(encoding="utf-8")
    section = re.search(r"^## What is promised\n(.*?)^## ", text, re.M | re.S)
    promises = list(re.finditer(r"^- .*?(?=^- |^\S|\Z)", section.group(1), re.M | re.S)) if section else []
    if not promises:
        yield page.name, 1, "promises nothing"
    for promise in promises:
        number = text.count("\n", 0, section.start(1) + promise.start()) + 1
        names = re.findall(r"`([^`]+)`", promise.group(0).partition("Tests:")[2])
        if not names:
            yield page.name, number, "a promise without a test"
        for name in names:
            if name not in known and not (root / name).exists():
                yield page.name, number, f"there is no test {name}"


def anchors(text):
    """The headings of a page as links name them (`#add-a-rule`), and nothing of its code blocks."""
    headings = re.findall(r"^#+ (.+)$", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def document_breaches(root):
    """Lines that are too wide, and links into the repository that lead nowhere."""
    for page in sorted(root.rglob("*.md")):
        name = page.relative_to(root).as_posix()
        if name.startswith(("build", ".")):
            continue
        for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
            if len(line) > WIDEST:
                yield name, number, f"is {len(line)} columns wide; at most {WIDEST}"
            for target in LINK.findall(re.sub(r"`[^`]*`", "", line)):
                if re.match(r"[a-z]+:", target):
                    continue
                path, _, anchor = target.partition("#")
                other = page.parent / path if path else page
                if not other.exists():
                    yield name, number, f"there is no {target}"
                elif anchor and anchor not in anchors(other.read_text(encoding="utf-8")):
                    yield name, number, f"{path or name} has no heading #{anchor}"


def main():
    found = list(breaches(Path(sys.argv[1])))
    for path, number, problem in found:
        print(f"{path}:{number}: {problem}")
    print(f"{len(found)} breaches")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
