#!/bin/bash
set -eu
# How it has always been started.
lab/start.sh
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
lab/use.sh
