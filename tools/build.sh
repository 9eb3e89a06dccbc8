#!/usr/bin/env bash
# Builds quotawatch into build/.
#
#   build.sh [--install] [--tests]
#
# Without --install it only names missing packages; with it, they are installed first
# (tools/install-dependencies.sh). --tests: builds the tests, too.
set -euo pipefail
cd "$(dirname "$0")/.."

install=--check
tests=()
for option in "$@"; do
  case $option in
    --install) install= ;;
    --tests) tests=(--tests) ;;
    *) echo "build: $option is no option; there are --install and --tests" >&2 && exit 2 ;;
  esac
done

if ! bash tools/install-dependencies.sh $install "${tests[@]}"; then
  [ -z "$install" ] || echo "build: tools/build.sh --install installs them with apt" >&2
  exit 2
fi
# Warnings are errors in the project's own CI, but not for packagers.
[ -f build/build.ninja ] || meson setup build -Ddebug=false ${CI:+-Dwerror=true} >/dev/null
echo "building into build/ (the first time takes some minutes)"
targets=(all)
[ ${#tests[@]} -eq 0 ] || targets+=(meson-test-prereq)
ninja -C build --quiet "${targets[@]}"
