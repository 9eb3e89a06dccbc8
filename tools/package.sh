#!/usr/bin/env bash
# Makes a Debian package of quotawatch with Debian's own tools, and prints its path.
#
#   package.sh [--build-dir DIR] [--output DIR]
#
# --build-dir: packages what was built there; without it, builds into build-package/ first. --output: where the
# package goes (default: build-package).
set -euo pipefail
cd "$(dirname "$0")/.."

build=
output=build-package
while [ $# -gt 0 ]; do
  case $1 in
    --build-dir) build=$2 ;;
    --output) output=$2 ;;
    *) echo "package: $1 is no option; there are --build-dir and --output" >&2 && exit 2 ;;
  esac
  shift 2
done

bash tools/install-dependencies.sh --package ${build:+--check}
if [ -z "$build" ]; then
  build=build-package
  [ -f $build/build.ninja ] ||
    meson setup $build --prefix=/usr -Ddebug=false -Dtests=disabled -Dbenchmarks=disabled >/dev/null
  ninja -C $build --quiet
fi
fact() { meson introspect "$build" "$1" | python3 -c "import json, sys; print($2)"; }
version=$(fact --projectinfo 'json.load(sys.stdin)["version"]')
mkdir -p "$output"
output=$(realpath "$output")

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
source=$work/quotawatch-$version
mkdir "$source"
cp -r tools/debian "$source/debian"
cp CHANGELOG.md "$source/debian/"
# The same files at the same commit make the same package.
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}
maintainer=$(sed -n 's/^Maintainer: //p' tools/debian/control)
cat > "$source/debian/changelog" <<CHANGELOG
quotawatch ($version) unstable; urgency=medium

  * See CHANGELOG.md.

 -- $maintainer  $(date --utc --rfc-email --date="@$SOURCE_DATE_EPOCH")
CHANGELOG

export QUOTAWATCH_BUILD QUOTAWATCH_PREFIX
QUOTAWATCH_BUILD=$(realpath "$build")
QUOTAWATCH_PREFIX=$(fact --buildoptions '[o["value"] for o in json.load(sys.stdin) if o["name"] == "prefix"][0]')
if ! (cd "$source" && DEB_BUILD_OPTIONS="nocheck noautodbgsym" dpkg-buildpackage --build=binary --no-sign \
  --no-check-builddeps) > "$work/log" 2>&1; then
  cat "$work/log" >&2
  exit 1
fi
cp "$work"/*.deb "$output/"
ls "$output/quotawatch_$version"_*.deb
