#!/usr/bin/env bash
# Installs what is missing and builds everything into build/.
set -euo pipefail
cd "$(dirname "$0")/.."

bash tools/install-dependencies.sh
[ -f build/build.ninja ] || meson setup build -Ddebug=false >/dev/null
echo "building into build/ (the first time takes some minutes)"
ninja -C build --quiet
