#!/usr/bin/env bash
# The journals of two compilers must be the same.
#
#   compare_digests.sh PROGRAM FIRST LAST DAYS    PROGRAM: journal_digests of this build
#
# The other is that of tools/fuzz.sh. Exit code 1: they differ. 77: this machine has no clang++.
set -euo pipefail

program=$(realpath "$1")
shift
cd "$(dirname "$0")/../.."
tools/fuzz.sh config >/dev/null || exit $?
flock build-fuzz/lock ninja -C build-fuzz --quiet tests/fuzz/journal_digests

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$program" "$@" >"$folder/this" &
build-fuzz/tests/fuzz/journal_digests "$@" >"$folder/instrumented"
wait $!
if ! diff "$folder/this" "$folder/instrumented"; then
  echo "the journals differ"
  exit 1
fi
echo "$(wc -l <"$folder/this") journals are the same"
[ -s "$folder/this" ]
