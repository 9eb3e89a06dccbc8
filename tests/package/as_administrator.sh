#!/bin/bash
# What the administrator of a machine does with the package, in a clean root: tests/package/clean_root.sh runs it.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive

fail() { echo "as_administrator: $*" >&2; exit 1; }
useradd --create-home --shell /bin/bash watcher
user=$(id -u watcher)
as_user() {
  setpriv --reuid watcher --regid watcher --init-groups env -i HOME=/home/watcher USER=watcher PATH=/usr/bin:/bin \
    TERM=xterm XDG_RUNTIME_DIR="/run/user/$user" bash /opt/as_user.sh "$1"
}
systemd=
if [ -d /run/systemd/system ]; then
  systemd=yes
  loginctl enable-linger watcher
  until [ -S "/run/user/$user/systemd/private" ]; do sleep 0.1; done
fi

before=/opt/quotawatch_0.0.1_before.deb
after=$(find /opt -name "*.deb" ! -name "*_before.deb")

apt-get install --quiet --yes --no-install-recommends "$before"
# The binary needs nothing that this root does not have, nor anything of the machine that built it.
! ldd /usr/bin/quotawatch | grep "not found" || fail "libraries are missing"
for file in /usr/share/man/man1/quotawatch.1.gz /usr/share/bash-completion/completions/quotawatch \
  /usr/share/zsh/vendor-completions/_quotawatch /usr/share/fish/vendor_completions.d/quotawatch.fish \
  /usr/share/quotawatch/hooks/switch-claude-credentials /usr/share/quotawatch/packs/claude-code.json \
  /usr/share/doc/quotawatch/examples/quotawatch.json /usr/share/doc/quotawatch/copyright \
  /usr/lib/systemd/user/quotawatch.service /usr/lib/systemd/system/quotawatch@.service; do
  # Some roots leave documents out when packages are unpacked.
  [ -e "$file" ] || dpkg-query --listfiles quotawatch | grep -qx "$file" || fail "$file is missing"
done
as_user first
dpkg-query --listfiles quotawatch > /opt/files

apt-get install --quiet --yes --no-install-recommends "$after"
[ "$(dpkg-query --show --showformat='${Version}' quotawatch)" != 0.0.1 ] || fail "it was not upgraded"
if [ -n "$systemd" ]; then
  # The other unit, which is shut in further, still reaches the user's tmux server.
  systemctl start quotawatch@watcher
  as_user seen
  systemd-analyze security --no-pager --threshold=30 quotawatch@watcher | tail -n 1
  systemctl stop quotawatch@watcher
fi
as_user again

apt-get purge --quiet --yes quotawatch
# Folders that other packages have, too, stay.
while read -r file; do
  [ -d "$file" ] || [ ! -e "$file" ] || fail "$file is left behind"
done < /opt/files
[ ! -e /usr/share/quotawatch ] && [ ! -e /usr/lib/quotawatch ] || fail "folders are left behind"
[ -z "$(find / -xdev -path /proc -prune -o -path /opt -prune -o -path /home -prune -o -name '*quotawatch*' -print)" ] ||
  fail "something of it is left behind"
[ -e /home/watcher/.config/quotawatch/state.json ] || fail "what is the user's was taken"
