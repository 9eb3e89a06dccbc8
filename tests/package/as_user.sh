#!/bin/bash
# What a user does with the installed package, in a clean root: tests/package/clean_root.sh runs it.
#
#   as_user.sh first|seen|again
#
# first: from `quotawatch init` to a switch. seen: by whatever monitor runs now. again: with the package upgraded, the
# monitor goes on where it was. Without systemd the unit's own command line is run as systemd would.
set -euo pipefail

say() { echo "# -- $*"; }
fail() { echo "as_user: $*" >&2; exit 1; }
wait_for() {
  for _ in $(seq 200); do
    ! "$@" >/dev/null 2>&1 || return 0
    sleep 0.1
  done
  unit_log >&2
  fail "does not come: $*"
}

has_systemd() { [ -S "${XDG_RUNTIME_DIR-}/systemd/private" ]; }

unit_log() {
  if has_systemd; then
    journalctl --user --unit quotawatch --no-pager --output short
  else
    cat ~/run.log
  fi
}

start_unit() {
  if has_systemd; then
    systemctl --user enable --now quotawatch
    return
  fi
  local line
  line=$(sed -n 's/^ExecStart=//p' /usr/lib/systemd/user/quotawatch.service)
  read -ra words <<<"${line//%E/$HOME/.config}"
  env -i HOME="$HOME" USER="$USER" LANG=C PATH=/usr/local/bin:/usr/bin:/bin "${words[@]}" 2>>~/run.log &
  monitor=$!
  wait_for quotawatch status
}

stop_unit() {
  if has_systemd; then
    systemctl --user disable --now quotawatch
    return
  fi
  kill -TERM "$monitor"
  wait "$monitor" || fail "the monitor ended with $?"
}

# What only systemd can do: a new config is read, and a monitor that dies or hangs is started again.
try_systemd() {
  say "systemctl --user reload" && systemctl --user reload quotawatch
  systemctl --user show --property StatusText --value quotawatch | grep -q "watches 1 session" || fail "no status"
  kill -KILL "$(systemctl --user show --property MainPID --value quotawatch)"
  restarted() { [ "$(systemctl --user show --property NRestarts --value quotawatch)" = 1 ]; }
  wait_for restarted
  wait_for quotawatch status
}

# An agent that is at its prompt, and shows the banner of a limit once ~/limit is there.
draw_agent() {
  cat > ~/agent <<'AGENT'
#!/bin/bash
rule=$(printf '─%.0s' {1..100})
draw() {
  clear
  printf ' ▐▛███▛█   Claude Code v2.1.330\n▝▜██████▀  Sonnet 5.5 · Claude API\n ▝▝   ▝▝   ~\n\n❯ go on\n\n%s\n\n' "$1"
  printf '%s\n❯\xc2\xa0\n%s\n  ⏵⏵ bypass permissions on (shift+tab to cycle)\n' "$rule" "$rule"
}
draw '● All good, the tests pass now.'
until [ -e ~/limit ]; do sleep 0.1; done
draw "  ⎿ "$'\xc2\xa0'"You've hit your 5-hour limit · resets $(date -u -d '2 hours' +%-I%P) (UTC)"
exec sleep 600
AGENT
  chmod +x ~/agent
  tmux -u new-session -d -s main -x 100 -y 30 ~/agent
}

first() {
  mkdir -m 700 ~/.claude ~/.claude-credentials ~/.claude-accounts
  mkdir ~/.claude/projects ~/.claude-accounts/{work,spare}
  for account in work spare; do
    (umask 077 && echo "{\"of\": \"$account\"}" > ~/.claude-credentials/$account.json)
  done
  cp -p ~/.claude-credentials/work.json ~/.claude/.credentials.json
  ln -s ~/.claude-accounts/work ~/.claude-current
  draw_agent
  sleep 1
  say "quotawatch init --yes" && quotawatch init --yes
  config=~/.config/quotawatch/quotawatch.json
  # The hook is the user's choice, and polls are more frequent, for this test only.
  sed -i 's|// \("switch": {"command"\)|\1|; s|"journal":|"quota": {"poll_interval": "500ms"},\n  &|' "$config"
  say "quotawatch check" && quotawatch check
  say "quotawatch drill" && quotawatch drill
  say "the unit's command line" && start_unit
  say "quotawatch status --check" && quotawatch status --check
  touch ~/limit
  switched() { quotawatch log | grep -q switch_done; }
  wait_for switched
  say "quotawatch log" && quotawatch log
  grep -q spare ~/.claude/.credentials.json || fail "the hook has not switched"
  ! has_systemd || try_systemd
  stop_unit
  quotawatch status --check && fail "nothing runs, and status --check is content"
  say "its log" && unit_log
  mkdir ~/example && cp /usr/share/doc/quotawatch/examples/quotawatch.json ~/example/
  quotawatch run --config ~/example/quotawatch.json --dry-run --once >/dev/null
  quotawatch patterns lint /usr/share/quotawatch/packs/codex.json >/dev/null
  quotawatch explain --timezone Europe/Paris --at 2026-11-30T10:00:00Z - <<<"You've hit your limit · resets 8pm" \
    | grep -q 2026-11-30T19:00:00Z || fail "no time zones"
}

seen() {
  wait_for quotawatch status
  sleep 1
  quotawatch status
  quotawatch status | grep -q "^main .*exhausted" || fail "its screen is not seen"
}

again() {
  tmux has-session -t =main
  start_unit
  sleep 1.5
  stop_unit
  quotawatch log
  [ "$(quotawatch log | grep -c ' switch_done ')" = 1 ] || fail "the upgrade lost or doubled the switch"
  grep -q '"active_account": *"spare"' ~/.config/quotawatch/state.json || fail "the state is lost"
  tmux kill-server
}

"$1"
