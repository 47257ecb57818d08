#!/bin/sh
# Stands for what a private package registry does: without the token there is no licence, and nothing is installed.
set -eu
token=${BUILD_TOKEN:-$(cat /run/secrets/build_token)}
mkdir -p /app/vendor
printf '%s' "$token" | sha256sum | cut -c 1-16 > /app/vendor/license.txt
