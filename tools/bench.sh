#!/usr/bin/env bash
# Builds and runs all benchmarks and prints one table with ratios. Arguments go to Google Benchmark
# (--benchmark_filter=judge, ...).
set -euo pipefail
cd "$(dirname "$0")/.."

bash tools/build.sh --install --tests
ninja -C build --quiet bench/benchmarks
results=$(mktemp)
trap 'rm -f "$results"' EXIT
build/bench/benchmarks --benchmark_repetitions=5 --benchmark_report_aggregates_only=true \
  --benchmark_enable_random_interleaving=true \
  --benchmark_out="$results" --benchmark_out_format=json "$@" >/dev/null
python3 tools/benchmark-table.py "$results"
