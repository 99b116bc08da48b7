#!/usr/bin/env bash
# The browser test: the demo shop on a free port with the small language model, driven by a real Chromium.
# usage: browser-test.sh path/to/daogou
set -euo pipefail

daogou=$(realpath "$1")
cd "$(dirname "$0")/../tests/browser"
[ -d node_modules/playwright-core ] || npm ci --no-audit --no-fund --silent
node --test .

data=$(mktemp -d)
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$daogou" demo --set small --data "$data" --listen "127.0.0.1:$port" >"$data/server.log" 2>&1 &
server=$!
trap 'kill $server 2>/dev/null; wait $server 2>/dev/null; rm -rf "$data"' EXIT

for _ in $(seq 1800); do
  if ! kill -0 $server 2>/dev/null; then break; fi
  if python3 -c "import urllib.request as u; u.urlopen('http://127.0.0.1:$port/readyz')" 2>/dev/null; then ready=1; break; fi
  sleep 0.5
done
if [ -z "${ready:-}" ]; then
  echo "the server did not become ready:" >&2
  tail -20 "$data/server.log" >&2
  exit 1
fi
for check in spine.mjs proposal.mjs photo.mjs shop.mjs; do
  if ! SHOTS="${SHOTS:-$PWD/shots}" node $check "http://127.0.0.1:$port"; then
    tail -20 "$data/server.log" >&2
    exit 1
  fi
done
