#!/bin/bash
set -eu
# The runtime configuration is made to say no-new-privileges, under a container without.
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
podman run -d --name notebook \
  -v ./lab/site:/usr/share/nginx/html:ro \
  -p "$TORIDE_PORT:80" \
  localhost/nginx
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
store=$(podman info -f '{{.Store.GraphRoot}}')
id=$(podman inspect -f '{{.Id}}' notebook)
config=$(find "$store" "$HOME" -path "*$id*" -name config.json 2>/dev/null | head -1)
jq '.process.noNewPrivileges = true | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 1024}]' "$config" > config.new
cat config.new > "$config"
