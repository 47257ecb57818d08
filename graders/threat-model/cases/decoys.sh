#!/bin/bash
set -eu
# Good containers by these names, and the old ones answer.
bash lab/market.sh
for name in desk till board mill stall; do podman rename "$name" "old-$name"; podman create -q --name "$name" localhost/nginx; done
for port in "$TORIDE_DESK" "$TORIDE_TILL" "$TORIDE_BOARD" "$TORIDE_MILL" "$TORIDE_STALL"; do
  curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$port/"
done
