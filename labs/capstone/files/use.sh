#!/bin/bash
# Uses everything the postbox can do, once.
base=http://localhost:${TORIDE_PORT:?}
try() { printf '%-16s ' "$1"; shift; curl -sS -m 5 -o /dev/null -w '%{http_code}\n' "$@"; }
try 'page' "$base/"
try 'status' "$base/status"
try 'store a note' -T /etc/hostname "$base/notes/first"
try 'read the note' "$base/notes/first"
try 'no such note' "$base/notes/none"
