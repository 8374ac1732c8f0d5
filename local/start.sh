#!/bin/sh
# Starts the local cloud's command on its own Node.js, whatever the system has, and installs what it needs first:
# `npm run local` has to work in a fresh clone after nothing but `npm ci` in the root.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
installed="$here/node_modules/.package-lock.json"
if [ ! -x "$here/node_modules/.bin/node" ] || [ ! -f "$installed" ] || [ "$here/package-lock.json" -nt "$installed" ]; then
  echo "Installing the local cloud's npm packages (once) ..." >&2
  if ! log=$(npm --prefix "$here" ci --no-audit --no-fund 2>&1); then
    echo "$log" >&2
    echo "The local cloud's npm packages cannot be installed; \`npm --prefix local ci\` says why." >&2
    exit 1
  fi
  touch "$installed"
fi
export NODE_COMPILE_CACHE="${NODE_COMPILE_CACHE:-${ISTIO_LAB_CACHE:-$HOME/.cache/istio-lab}/compiled}"
exec "$here/node_modules/.bin/node" "$here/main.ts" "$@"
