#!/usr/bin/env bash
# Fuzzes the parsers with clang's libFuzzer.
#
#   fuzz.sh                                  every target for some seconds, always the same runs
#   fuzz.sh TARGET...                        only these
#   fuzz.sh TARGET --seconds 3600 [--jobs 2] one for longer, with new runs each time; inputs that
#                                            reach new code are kept in build-fuzz/corpus/TARGET
#
# Builds into build-fuzz/. Exit code 1: a target found something, or ran nothing; the input is in
# build-fuzz/findings. 2: usage. 77: this machine has no clang++ with libFuzzer.
set -euo pipefail
cd "$(dirname "$0")/.."

build=build-fuzz
# Runs of each target in short mode: about five seconds on a slow machine.
declare -A runs=(
  [asciicast]=4000 [config]=12000 [hook]=30000 [pack]=10000 [screen]=3500 [state]=30000 [tmux_control]=30000 [tmux_output]=40000 [transcript]=10000
)

usage() {
  echo "fuzz.sh: $1" >&2
  echo "usage: fuzz.sh [TARGET...] [--seconds N [--jobs N]]; targets: ${!runs[*]}" >&2
  exit 2
}

targets=()
seconds=
jobs=1
while [ $# -gt 0 ]; do
  case $1 in
    --seconds | --jobs)
      [[ ${2-} =~ ^[1-9][0-9]*$ ]] || usage "$1 needs a number"
      printf -v "${1#--}" %s "$2"
      shift 2
      ;;
    *)
      [[ $1 =~ ^[a-z_]+$ && -n ${runs[$1]-} ]] || usage "there is no target $1"
      targets+=("$1")
      shift
      ;;
  esac
done
[ -z "$seconds" ] || [ ${#targets[@]} -eq 1 ] || usage "--seconds is for one target"
[ ${#targets[@]} -gt 0 ] || mapfile -t targets < <(printf '%s\n' "${!runs[@]}" | sort)

# Debian packages libFuzzer separately from the compiler.
has_fuzzer() {
  command -v clang++ >/dev/null || return 1
  [ ! -f $build/build.ninja ] || return 0
  echo 'extern "C" int LLVMFuzzerTestOneInput(const char*, unsigned long) { return 0; }' |
    clang++ -x c++ -fsanitize=fuzzer,address,undefined - -o /dev/null 2>/dev/null
}
if ! has_fuzzer; then
  echo "fuzz.sh: skipped: needs clang++ with libFuzzer (apt-get install clang libclang-rt-dev)"
  exit 77
fi
# One builds, the others wait: several may be called at once, each for a target.
build_programs() {
  [ -f $build/build.ninja ] ||
    CXX=clang++ meson setup $build -Dfuzzing=true -Dtests=disabled -Dbenchmarks=disabled \
      -Doptimization=1 -Ddebug=false >/dev/null
  ninja -C $build --quiet "$@"
}
programs=("${targets[@]/%/_fuzzer}")
mkdir -p $build
said=$(exec {lock}>$build/lock && flock "$lock" && build_programs "${programs[@]/#/tests/fuzz/}") || {
  echo "$said"
  exit 1
}

stat_of() { sed -n "s/^stat::$1: *//p" "$2"; }

# Runs `target` with these options and prints the result in one line.
run() {
  local target=$1 log=$build/logs/$1.log outcome=0 began=$SECONDS executed
  shift
  mkdir -p $build/logs $build/findings
  "$build/tests/fuzz/${target}_fuzzer" -max_len=8192 -timeout=60 -rss_limit_mb=2048 \
    -print_final_stats=1 -dict="tests/fuzz/dictionaries/$target.dict" \
    -artifact_prefix="$build/findings/$target-" "$@" >"$log" 2>&1 || outcome=$?
  executed=$(stat_of number_of_executed_units "$log")
  # With several jobs there are no statistics, only an occasional "#16798: cov: …".
  [ -n "$executed" ] || executed=$(sed -n 's/^#\([0-9]*\): .*/\1/p' "$log" | tail -n 1)
  if [ "$outcome" -ne 0 ] || [ "${executed:-0}" -eq 0 ]; then
    echo "$target: FAILED after ${executed:-0} runs; all it said is in $log"
    grep -E -m 8 "does not hold|what\(\)|SUMMARY|runtime error|Test unit written" "$log" || tail -n 5 "$log"
    return 1
  fi
  echo "$target: $executed runs in $((SECONDS - began)) s, nothing found"
}

failed=0
for target in "${targets[@]}"; do
  if [ -n "$seconds" ]; then
    found=$build/corpus/$target
    mkdir -p "$found"
    forks=()
    [ "$jobs" -eq 1 ] || forks=("-fork=$jobs")
    run "$target" -max_total_time="$seconds" "${forks[@]}" "$found" "fixtures/fuzz/$target" || failed=1
  else
    found=$build/short/$target
    rm -rf "$found" && mkdir -p "$found"  # start from the same inputs each time
    run "$target" -seed=1 -runs="${runs[$target]}" "$found" "fixtures/fuzz/$target" || failed=1
  fi
done
exit $failed
