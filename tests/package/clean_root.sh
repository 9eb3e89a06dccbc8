#!/usr/bin/env bash
# The Debian package, from the build folder to a running monitor: made, looked at by lintian, and, in a clean root of
# each suite, installed, used, upgraded over the version before, and purged.
#
#   clean_root.sh BUILD_FOLDER SUITE...
#
# Prints TAP. A suite whose root cannot be had (no root rights, no mmdebstrap, no such archive) is skipped. Roots are
# kept in BUILD_FOLDER/package-roots. $DEBIAN_MIRROR: where they come from.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=$(realpath "$1")
shift
suites=("$@")
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
roots=$build/package-roots
mkdir -p "$roots"
work=$(mktemp -d)
trap 'rm -rf --one-file-system "$work"' EXIT

number=0
failed=0
tell() {
  number=$((number + 1))
  [ "$1" = ok ] || failed=1
  echo "$1 $number - $2"
}
# Runs a command as one test; what it printed is shown if it fails.
try() {
  local name=$1 log=$work/log
  shift
  if "$@" > "$log" 2>&1; then
    tell ok "$name"
  else
    sed 's/^/# /' "$log"
    tell "not ok" "$name"
  fi
}

make_root() {
  [ "$roots/$1.tar" -nt tests/package/clean_root.sh ] && return
  mmdebstrap --quiet --mode=root --variant=apt \
    --include=passwd,tmux,tzdata,systemd-sysv,dbus-user-session,libpam-systemd,libpq5,libncursesw6 \
    --dpkgopt=force-unsafe-io "$1" "$work/$1.tar" "$mirror" > "$work/$1.log" 2>&1 && mv "$work/$1.tar" "$roots/$1.tar"
}

can_make_roots() {
  [ "$(id -u)" -eq 0 ] && command -v mmdebstrap >/dev/null && unshare --mount --pid --fork true 2>/dev/null
}

# Starts the root as a machine of its own, which runs the administrator's script and is off again. False if it cannot.
boot() {
  local root=$1 unit=$1/etc/systemd/system/lived.service
  command -v systemd-nspawn >/dev/null || return
  printf '%s\n' '[Unit]' 'After=multi-user.target' 'SuccessAction=poweroff' 'FailureAction=poweroff' '[Service]' \
    'Type=oneshot' 'StandardOutput=append:/opt/log' 'StandardError=inherit' \
    'ExecStartPre=touch /opt/booted' 'ExecStart=bash /opt/as_administrator.sh' 'ExecStartPost=touch /opt/passed' > "$unit"
  mkdir -p "$root/etc/systemd/system/default.target.wants"
  ln -s ../lived.service "$root/etc/systemd/system/default.target.wants/"
  timeout 300 systemd-nspawn --quiet --register=no --keep-unit --private-network --directory "$root" --boot \
    > "$work/boot.log" 2>&1 < /dev/null || true
  [ -e "$root/opt/booted" ]
}

# Runs the administrator's script with processes, terminals and temporary files of its own, and no network.
inside() {
  # shellcheck disable=SC2016
  unshare --mount --pid --net --fork --kill-child -- sh -euc '
    root=$1
    mount -t proc proc "$root/proc"
    mount -t tmpfs tmpfs "$root/dev"
    mkdir "$root/dev/pts" "$root/dev/shm"
    mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
    ln -s pts/ptmx "$root/dev/ptmx"
    ln -s /proc/self/fd "$root/dev/fd"
    for device in null zero full random urandom tty; do
      touch "$root/dev/$device"
      mount --bind "/dev/$device" "$root/dev/$device"
    done
    exec chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root bash /opt/as_administrator.sh' sh "$1"
}

live_in() {
  local root=$1
  tar --extract --file "$2" --directory "$root"
  cp "$work/packages/"*.deb tests/package/as_user.sh tests/package/as_administrator.sh "$root/opt/"
  if boot "$root"; then
    cat "$root/opt/log"
    [ -e "$root/opt/passed" ]
  else
    echo "no machine with systemd can be started here; the units' command lines are run without it"
    inside "$root"
  fi
}

if ! command -v dh >/dev/null || ! command -v dpkg-deb >/dev/null; then
  echo "1..0 # SKIP packages are made with debhelper, which is not installed"
  exit 0
fi
echo "TAP version 13"
echo "1..$((2 + ${#suites[@]}))"
if can_make_roots; then
  for suite in "${suites[@]}"; do
    make_root "$suite" &
  done
fi
# And the version before, for the upgrade: the same with a lower number.
make_packages() {
  tools/package.sh --build-dir "$build" --output "$work/packages" &&
    dpkg-deb --raw-extract "$work"/packages/quotawatch_*.deb "$work/before" &&
    sed -i 's/^Version: .*/Version: 0.0.1/' "$work/before/DEBIAN/control" &&
    dpkg-deb --root-owner-group -Zgzip -z1 --build "$work/before" "$work/packages/quotawatch_0.0.1_before.deb"
}
try "the package is made" make_packages
package=$(find "$work/packages" -name '*.deb' ! -name '*_before.deb')
if command -v lintian >/dev/null; then
  try "lintian finds no error" lintian --fail-on error --allow-root "$package"
else
  tell ok "lintian finds no error # SKIP there is no lintian"
fi
wait
for suite in "${suites[@]}"; do
  if [ -f "$roots/$suite.tar" ]; then
    mkdir "$work/$suite"
    try "installed, used, upgraded and purged on $suite" live_in "$work/$suite" "$roots/$suite.tar"
    grep "no machine with systemd" "$work/log" | sed 's/^/# /' || true
  else
    [ ! -f "$work/$suite.log" ] || sed 's/^/# /' "$work/$suite.log"
    tell ok "installed, used, upgraded and purged on $suite # SKIP no root of it can be had here"
  fi
done
exit "$failed"
