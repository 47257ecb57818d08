#!/bin/bash
set -eu
# The runtime configuration and Podman's database are made to say that nothing is left.
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
podman run -d --name notebook \
  -v ./lab/site:/usr/share/nginx/html:ro \
  -p "$TORIDE_PORT:80" \
  localhost/nginx
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
store=$(podman info -f '{{.Store.GraphRoot}}')
id=$(podman inspect -f '{{.Id}}' notebook)
config=$(find "$store" "$HOME" -path "*$id*" -name config.json 2>/dev/null | head -1)
jq '.process.capabilities |= map_values([])' "$config" > config.new
cat config.new > "$config"
for base in "$store"/db.sql "$store"/libpod/*.db; do
  [ -f "$base" ] && sed -i 's/CAP_DAC_OVERRIDE/CAP_AUDIT_WRITE_/g' "$base"
done
true
