#!/usr/bin/env bash
# Builds, then measures the cost of watching 100 sessions: CPU, memory, startup time. Exit code 1 if
# a limit is exceeded. Takes two minutes; longer on a busy machine.
set -euo pipefail
cd "$(dirname "$0")/.."

bash tools/build.sh --install --tests
ninja -C build --quiet bench/cost bench/stamping_tmux
echo "100 sessions, 120x40, a third of them changing between two polls"
exceeded=0
build/bench/cost live build/quotawatch "$PWD/build/bench/stamping_tmux" || exceeded=$?
build/bench/cost month || exceeded=$?
exit "$exceeded"
