#!/bin/bash
set -eu
# Keys that no answer has, and answers that are no text.
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
podman run -d --name notebook \
  --userns=auto \
  -v ./lab/site:/usr/share/nginx/html:ro \
  -p "$TORIDE_PORT:80" \
  localhost/nginx
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
cat > lab/answers.json <<END
{"__proto__": {"pid": 1}, "pid": [1], "net": {"toString": 1}, "user": true, "root": "", "capEff": "0x", "seccomp": 2.5, "filters": 1e400, "label": null}
END
