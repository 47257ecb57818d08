#!/bin/bash
set -eu
curl -sS --retry 20 --retry-delay 1 --retry-all-errors -o /dev/null "http://localhost:$TORIDE_PORT/"
