#!/usr/bin/env bash
# Builds, then measures what watching 100 sessions costs: CPU, memory, the time to start.
# Exit code 1 if it is more than it may be. Takes two minutes; a busy machine makes it slower.
set -euo pipefail
cd "$(dirname "$0")/.."

bash tools/build.sh --install --tests
ninja -C build --quiet bench/cost bench/stamping_tmux
echo "100 sessions, 120x40, a third of them changing between two polls"
exceeded=0
build/bench/cost live build/quotawatch "$PWD/build/bench/stamping_tmux" || exceeded=$?
build/bench/cost month || exceeded=$?
exit "$exceeded"
