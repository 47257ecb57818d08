#!/bin/bash
set -eu
# A library that is loaded into every program the learner or a grader would start, in sandbox and container.
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
library=$(ls /usr/lib/*/libc.so.6 | head -1)
cp "$library" evil.so
printf 'export LD_PRELOAD=%s/evil.so\n' "$HOME" | tee -a .bashrc >> .profile
podman run -d --name notebook \
  -v ./evil.so:/evil.so:ro \
  -e LD_PRELOAD=/evil.so \
  -v ./lab/site:/usr/share/nginx/html:ro \
  -p "$TORIDE_PORT:80" \
  localhost/nginx
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
