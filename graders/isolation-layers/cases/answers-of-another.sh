#!/bin/bash
set -eu
# Numbers that a neighbour read off their own container.
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
podman run -d --name notebook \
  --userns=auto \
  -v ./lab/site:/usr/share/nginx/html:ro \
  -p "$TORIDE_PORT:80" \
  localhost/nginx
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
cat > lab/answers.json <<END
{
  "pid": 61054,
  "net": "net:[4026530001]",
  "user": "user:[4026530002]",
  "root": 140000,
  "capEff": "00000000000004c3",
  "seccomp": 1,
  "filters": 7,
  "label": "unconfined"
}
END
