#!/usr/bin/env bash
# Installs missing packages, builds, runs every test, and ends with the counts. Arguments go to
# `meson test` (--suite unit, --verbose, ...).
set -euo pipefail
cd "$(dirname "$0")/.."

bash tools/build.sh --install --tests
results=build/meson-logs/testlog.junit.xml
rm -f "$results"
outcome=0
# One more at a time than there are processors: some tests only wait.
meson test -C build --no-rebuild --print-errorlogs --num-processes $(($(nproc) + 1)) "$@" || outcome=$?
python3 tests/corpus/measure.py build/quotawatch fixtures || outcome=1
python3 tools/count-tests.py "$results" || outcome=1
exit "$outcome"
