#!/usr/bin/env bash
# Shows quotawatch at work: builds it, replays bundled transcripts, then watches real tmux panes on
# a private server and carries out one switch with a hook that only prints its request. Does not
# touch your own tmux servers or accounts.
set -euo pipefail
cd "$(dirname "$0")/.."

bash tools/build.sh --install
quotawatch=$PWD/build/quotawatch

title() { printf '\n\033[1m== %s\033[0m\n' "$*"; }

title "Recorded transcripts through the monitor, on virtual time"
"$quotawatch" replay --explain fixtures/demo

title "Now real panes: a private tmux server shows recorded screens"
folder=$(mktemp -d)
export TMUX_TMPDIR=$folder
socket=quotawatch-demo
monitor=
cleanup() {
  [ -z "$monitor" ] || kill "$monitor" 2>/dev/null || true
  tmux -L "$socket" kill-server 2>/dev/null || true
  rm -rf "$folder"
}
trap cleanup EXIT

for screen in fixtures/demo/screens/*.txt; do
  session=$(basename "$screen" .txt)
  tmux -L "$socket" -f /dev/null new-session -d -s "$session" -x 100 -y 36 \
    "cat '$PWD/$screen'; exec sleep 600"
  echo "session $session shows $screen"
done
sleep 1

cat > "$folder/hook" <<'HOOK'
#!/bin/sh
echo "asked to switch from $QUOTAWATCH_FROM to $QUOTAWATCH_TO, because of session $QUOTAWATCH_SESSION"
echo "that account is usable again at ${QUOTAWATCH_RESET_AT:-an unknown time}"
HOOK
chmod +x "$folder/hook"
cat > "$folder/config.json" <<CONFIG
{
  // A poll every second instead of every 30; everything else as usual.
  "quota": {"poll_interval": "1s"},
  "pool": {"autonomous": {"prefix": "ccl-auto-", "start_index": 1, "max": 3},
           "dedicated": [{"name": "main"}]},
  "accounts": [{"name": "work"}, {"name": "spare"}],
  "active_account": "work",
  "tmux": {"socket_name": "$socket"},
  "switch": {"command": ["$folder/hook"]}
}
CONFIG

title "quotawatch run --config config.json, until it has switched"
"$quotawatch" run --config "$folder/config.json" --journal "$folder/journal" &
monitor=$!
for _ in $(seq 100); do
  ! grep -qs '"event":"switch_done"' "$folder/journal" || break
  sleep 0.1
done
sleep 2.5  # some polls in the cooldown
echo
cat "$folder/journal"

session=$(sed -n 's/.*"event":"switch","session":"\([^"]*\)".*/\1/p' "$folder/journal" | head -n 1)
if [ -z "$session" ]; then
  echo "demo: no switch was asked for, which is not what this demo should show" >&2
  exit 1
fi
title "Why: quotawatch explain on the pane of $session"
tmux -L "$socket" capture-pane -p -t "=$session:" | "$quotawatch" explain -

title "How it stands: quotawatch status --config config.json"
"$quotawatch" status --config "$folder/config.json"

title "What it just did, as a transcript: quotawatch record --from-run"
mkdir -p build/demo
"$quotawatch" record --from-run --config "$folder/config.json" --force -o build/demo/switch.transcript
kill -INT "$monitor"
wait "$monitor"

title "The same again, on virtual time: quotawatch replay build/demo/switch.transcript"
"$quotawatch" replay build/demo/switch.transcript --html build/demo/switch.html
echo
echo "the whole story as a page: $PWD/build/demo/switch.html"
