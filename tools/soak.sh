#!/usr/bin/env bash
# Lets the real monitor live on a private tmux server while everything around it goes wrong:
# it is killed at random and at each named point, the server is killed and stopped, the disk
# fills up, the hook fails, hangs and floods. What all its lives have done is then checked.
#
#   soak.sh [--minutes 3] [--seed S] [--sessions 50] [--connection] [--keep DIR]
#
# Exit code 0: all held; 1: it did not come to everything; 3: an invariant broke; 4: a switch
# was due and none came; 77: no tmux. Touches no tmux server or account of yours.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ -z "${QUOTAWATCH_SOAK_BUILD-}" ]; then
  bash tools/build.sh --install --tests
  QUOTAWATCH_SOAK_BUILD=$PWD/build
fi
soak=(python3 tests/soak/soak.py --build "$QUOTAWATCH_SOAK_BUILD" "$@")
# A disk that can be filled needs a mount, which nobody else is to see.
if [ "$(id -u)" -eq 0 ] && unshare --mount true 2>/dev/null; then
  exec unshare --mount -- "${soak[@]}"
elif unshare --map-root-user --mount true 2>/dev/null; then
  exec unshare --map-root-user --mount -- "${soak[@]}"
fi
exec "${soak[@]}"
