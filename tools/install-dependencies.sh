#!/usr/bin/env bash
# Installs, with apt, what building and testing quotawatch needs and this machine
# does not have. Says what it does; uses sudo only where it is not root.
set -euo pipefail

packages=(
  g++ meson ninja-build pkg-config cmake python3 git
  nlohmann-json3-dev libhowardhinnant-date-dev libvectorscan-dev libre2-dev
  libuv1-dev libxxhash-dev zlib1g-dev libutfcpp-dev libutf8proc-dev libpugixml-dev libcli11-dev
  libspdlog-dev libfmt-dev libgtest-dev librapidcheck-dev libbenchmark-dev
  tmux tzdata
)

missing=()
for package in "${packages[@]}"; do
  status=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$status" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

if ! command -v apt-get >/dev/null; then
  echo "install-dependencies: this machine has no apt; install these yourself: ${missing[*]}" >&2
  exit 2
fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "install-dependencies: not root and no sudo; ask somebody to install: ${missing[*]}" >&2
    exit 2
  fi
  as_root=(sudo)
fi
echo "installing with apt: ${missing[*]}"
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
  apt-get install -qq -y --no-install-recommends "${missing[@]}" >/dev/null
