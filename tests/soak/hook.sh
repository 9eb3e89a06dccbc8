#!/bin/sh
# The switch hook of the soak: hook.sh FOLDER. Ends as FOLDER/plan says ("ok 0.1"), can be run twice
# without harm, and records what it does: the ground truth about accounts.
set -u
folder=$1

note() {
  printf '{"at":%s,"life":%s,"id":"%s","from":"%s","to":"%s","what":"%s"}\n' \
    "$(date +%s%3N)" "$SOAK_LIFE" "$QUOTAWATCH_ID" "$QUOTAWATCH_FROM" "$QUOTAWATCH_TO" "$1" \
    >> "$folder/hook.jsonl"
}

note start
read -r outcome seconds < "$folder/plan"
echo "$outcome" >> "$folder/outcomes"
case $outcome in
  hang) exec sleep 60 ;;
  stubborn) trap '' TERM; exec sleep 60 ;;
  grandchild) sleep 4 & ;;  # keeps our stdout and stderr open
  flood)
    head -c 2000000 /dev/zero | tr '\0' 'x'
    head -c 300000 /dev/zero | tr '\0' '\n' >&2
    ;;
esac

# One at a time: a second may run if its monitor was killed. Whatever the first one has done stays
# done.
exec 9>> "$folder/hook.lock"
flock 9
done_before=0
[ ! -f "$folder/last" ] || read -r done_before < "$folder/last"
number=${QUOTAWATCH_ID##*-}
if [ "$done_before" -lt "$number" ]; then
  sleep "$seconds" 9>&-
  [ "$outcome" != fail ] || { note failed; exit 1; }
  echo "$number" > "$folder/last"
  echo "$QUOTAWATCH_TO" > "$folder/account"
elif [ "$done_before" -gt "$number" ]; then
  note failed  # a later switch was done meanwhile
  exit 1
fi
note "done"
