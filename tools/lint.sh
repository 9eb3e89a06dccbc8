#!/usr/bin/env bash
# Holds the sources against .clang-format and .clang-tidy. Needs clang-format and
# clang-tidy; with file names as arguments it looks only at these.
set -euo pipefail
cd "$(dirname "$0")/.."

files=("$@")
[ ${#files[@]} -gt 0 ] || mapfile -t files < <(git ls-files '*.h' '*.cc')
clang-format --dry-run -Werror "${files[@]}"
# Without the build's own flags: those name a precompiled header of another compiler.
# shellcheck disable=SC2046
printf '%s\n' "${files[@]}" | grep -E '^(src|sim)/.*\.cc$' |
  xargs -r -P "$(nproc)" -I FILE clang-tidy --quiet FILE -- -std=c++20 -Iinclude -Isrc -I. \
    -Isrc/commands -Ibuild $(pkg-config --cflags libhs)
