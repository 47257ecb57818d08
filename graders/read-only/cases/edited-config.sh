#!/bin/bash
set -eu
# The runtime configuration and Podman's database are made to say read-only, under a container that is not.
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
podman run -d --name notebook \
  -v notes:/data \
  -v ./lab/site:/usr/share/nginx/html:ro \
  -p "$TORIDE_PORT:80" \
  localhost/nginx
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
store=$(podman info -f '{{.Store.GraphRoot}}')
id=$(podman inspect -f '{{.Id}}' notebook)
config=$(find "$store" "$HOME" -path "*$id*" -name config.json 2>/dev/null | head -1)
jq '.root.readonly = true' "$config" > config.new
cat config.new > "$config"
for base in "$store"/db.sql "$store"/libpod/*.db; do
  [ -f "$base" ] && sed -i 's/"read_only":false/"read_only":true /g; s/"readonly":false/"readonly":true /g' "$base"
done
true
