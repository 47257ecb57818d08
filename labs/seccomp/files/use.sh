#!/bin/bash
# Uses everything the notebook can do, once. Trace while it runs: what is not used is not seen.
base=http://localhost:${TORIDE_PORT:-${1:?usage: use.sh PORT}}
try() { printf '%-24s ' "$1"; shift; curl -sS -m 5 -o /dev/null -w '%{http_code}\n' "$@"; }
try 'page' "$base/"
try 'page, headers only' -I "$base/"
try 'no such page' "$base/missing"
try 'health' "$base/health"
try 'store a note' -T /etc/hostname "$base/notes/first.txt"
try 'read the note' "$base/notes/first.txt"
try 'list of notes' "$base/notes/"
