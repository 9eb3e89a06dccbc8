#!/usr/bin/env bash
# Installs, with apt, the Debian packages that building quotawatch needs and that are missing.
# Prints what it installs; uses sudo only if it is not root.
#
#   install-dependencies.sh [--tests] [--package] [--check]
#
# --tests: also what the tests and benchmarks need. --package: also what tools/package.sh needs. --check: only names
# what is missing.
# Exit code 2: something is missing and was not installed.
set -euo pipefail

packages=(
  g++ meson ninja-build pkg-config cmake python3
  nlohmann-json3-dev libhowardhinnant-date-dev libvectorscan-dev libre2-dev
  libuv1-dev libxxhash-dev zlib1g-dev libutfcpp-dev libutf8proc-dev libpugixml-dev libcli11-dev
  libspdlog-dev libfmt-dev libncurses-dev libpq-dev libvterm-dev tmux tzdata
)
package_packages=(debhelper lowdown)
test_packages=(git libgtest-dev librapidcheck-dev libbenchmark-dev man-db lintian mmdebstrap systemd-container zsh fish
  parallel postgresql chromium chromium-driver fonts-dejavu-core python3-pil)
check=
for option in "$@"; do
  case $option in
    --tests) packages+=("${test_packages[@]}" "${package_packages[@]}") ;;
    --package) packages+=("${package_packages[@]}") ;;
    --check) check=yes ;;
    *) echo "install-dependencies: $option is no option; there are --tests, --package and --check" >&2 && exit 2 ;;
  esac
done

missing=()
for package in "${packages[@]}"; do
  status=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$status" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

if [ -n "$check" ]; then
  echo "these Debian packages are missing: ${missing[*]}" >&2
  exit 2
fi
if ! command -v apt-get >/dev/null; then
  echo "install-dependencies: this machine has no apt; install these yourself: ${missing[*]}" >&2
  exit 2
fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "install-dependencies: not root and no sudo; these packages must be installed: ${missing[*]}" >&2
    exit 2
  fi
  as_root=(sudo)
fi
echo "installing with apt: ${missing[*]}"
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
  apt-get install -qq -y --no-install-recommends "${missing[@]}" >/dev/null
