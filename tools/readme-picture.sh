#!/usr/bin/env bash
# Draws the README's picture, fixtures/demo/demo.svg, from a real run of the binary.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ "${1:-}" != run ]; then
  script --quiet --return --command "bash tools/readme-picture.sh run" /dev/null | tr -d '\r' |
    python3 tools/terminal-picture.py "a recording replayed, and a recorded screen explained" \
      > fixtures/demo/demo.svg
  exit
fi
prompt() { printf '\033[1m$ %s\033[0m\n' "$*"; }
quotawatch=build/quotawatch
prompt "quotawatch replay --explain fixtures/demo --filter 3-an-old"
"$quotawatch" replay --explain fixtures/demo --filter 3-an-old
echo
prompt "tmux capture-pane -p -t ccl-auto-1 | quotawatch explain -"
"$quotawatch" explain --at 2026-11-23T19:54:00Z --timezone Europe/Paris \
  fixtures/demo/screens/ccl-auto-1.txt | sed -n '12,$p'
