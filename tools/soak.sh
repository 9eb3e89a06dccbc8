#!/usr/bin/env bash
# Soak test: runs the real monitor on a private tmux server with faults. The monitor is killed at
# random and at each named point, the server is killed and stopped, the disk fills up, the hook
# fails, hangs and floods. Stopped sessions are asked to go on, and react as real agents do. Afterwards
# the results of all runs are checked.
#
#   soak.sh [--minutes 3] [--seed S] [--sessions 50] [--connection] [--keep DIR]
#   soak.sh --hosts 3 [--minutes 3] [--seed S]
#
# --hosts: so many monitors share their accounts through a PostgreSQL server of their own; it and they are killed and
# stopped.
# Exit code 0: all checks passed; 1: not everything was exercised; 3: an invariant broke; 4: a
# switch was due and none came; 77: no tmux. Does not touch your own tmux servers or accounts.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ -z "${QUOTAWATCH_SOAK_BUILD-}" ]; then
  bash tools/build.sh --install --tests
  QUOTAWATCH_SOAK_BUILD=$PWD/build
fi
if [[ " $* " == *" --hosts"* ]]; then
  exec python3 tests/hosts/hosts_test.py "$QUOTAWATCH_SOAK_BUILD/quotawatch" --soak "$@"
fi
soak=(python3 tests/soak/soak.py --build "$QUOTAWATCH_SOAK_BUILD" "$@")
# Filling a disk needs a mount, in a private namespace.
if [ "$(id -u)" -eq 0 ] && unshare --mount true 2>/dev/null; then
  exec unshare --mount -- "${soak[@]}"
elif unshare --map-root-user --mount true 2>/dev/null; then
  exec unshare --map-root-user --mount -- "${soak[@]}"
fi
exec "${soak[@]}"
