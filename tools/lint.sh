#!/usr/bin/env bash
# Checks the sources with clang-format and clang-tidy, which must be installed. With file names as
# arguments, checks only these.
set -euo pipefail
cd "$(dirname "$0")/.."

files=("$@")
[ ${#files[@]} -gt 0 ] || mapfile -t files < <(git ls-files '*.h' '*.cc')
clang-format --dry-run -Werror "${files[@]}"
# Without the build's own flags, which name a precompiled header of another compiler.
# shellcheck disable=SC2046
printf '%s\n' "${files[@]}" | grep -E '^(src|sim)/.*\.cc$' |
  xargs -r -P "$(nproc)" -I FILE clang-tidy --quiet FILE -- -std=c++20 -Iinclude -Isrc -I. \
    -Isrc/commands -Ibuild $(pkg-config --cflags libhs)
