#!/usr/bin/env bash
# Compares two builds: the same seeds must give the same journals, byte for byte. By default a
# release build with g++ and a debug build with clang++.
#
#   compare-builds.sh [--seeds A..B] [--days D]            builds both, 1..1000 and 1 day
#   compare-builds.sh ... PROGRAM PROGRAM                  compares these two instead
#
# Exit code 1: they differ, with the first seeds that do. 77: this machine has no clang++.
set -euo pipefail
cd "$(dirname "$0")/.."

seeds=1..1000
days=1
programs=()
while [ $# -gt 0 ]; do
  case $1 in
    --seeds) seeds=$2 && shift 2 ;;
    --days) days=$2 && shift 2 ;;
    *) programs+=("$1") && shift ;;
  esac
done

build() {
  local folder=$1 compiler=$2
  shift 2
  [ -f "$folder/build.ninja" ] || CXX=$compiler meson setup "$folder" "$@" >/dev/null
  ninja -C "$folder" --quiet quotawatch
  programs+=("$folder/quotawatch")
}
if [ ${#programs[@]} -lt 2 ] && ! command -v clang++ >/dev/null; then
  echo "compare-builds.sh: skipped: needs clang++"
  exit 77
fi
if [ ${#programs[@]} -eq 0 ]; then
  build build-gcc-release g++ --buildtype=release -Dtests=false -Dbenchmarks=false
  build build-clang-debug clang++ --buildtype=debug -Dtests=false -Dbenchmarks=false
fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for i in 0 1; do
  # The digest covers every journal line; the counts are included, too.
  "${programs[i]}" simulate --seeds "$seeds" --days "$days" --jobs 0 --json \
    >"$folder/$i" 2>"$folder/$i.summary" || true
  echo "${programs[i]}: $(wc -l <"$folder/$i") seeds, $(head -n 1 "$folder/$i.summary")"
done
wanted=$((${seeds#*..} - ${seeds%..*} + 1))
for i in 0 1; do
  [ "$(wc -l <"$folder/$i")" -eq "$wanted" ] || { cat "$folder/$i.summary" && exit 1; }
done
if ! cmp -s "$folder/0" "$folder/1"; then
  echo "the journals differ:"
  diff "$folder/0" "$folder/1" | head -n 6
  exit 1
fi
echo "all journals are the same"
