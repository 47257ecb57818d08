#!/bin/bash
set -eu
# The market as it was found.
bash lab/market.sh
for port in "$TORIDE_DESK" "$TORIDE_TILL" "$TORIDE_BOARD" "$TORIDE_MILL" "$TORIDE_STALL"; do
  curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$port/"
done
