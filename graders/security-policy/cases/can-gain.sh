#!/bin/bash
set -eu
# Its programs may gain privileges.
cat > lab/security-policy.yaml <<END
apiVersion: v1
kind: SecurityPolicy
metadata:
  name: container-security-policy
spec:
  requiredLabels:
    - key: $TORIDE_LABEL_KEY
      value: "$TORIDE_LABEL_VALUE"
  forbidden:
    - privileged: true
    - capabilities:
        add: ["SYS_ADMIN", "$TORIDE_FORBIDDEN"]
    - hostNamespaces: ["network", "$TORIDE_NAMESPACE"]
    - mounts: ["$TORIDE_HOST_PATH"]
  required:
    - readOnlyRootFilesystem: true
    - runAsNonRoot: true
    - dropCapabilities: ["ALL"]
    - noNewPrivileges: true
  allowed:
    - capabilities:
        add: ["NET_BIND_SERVICE", "$TORIDE_ALLOWED"]
END
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
podman run -d --name notebook --label "$TORIDE_LABEL_KEY=$TORIDE_LABEL_VALUE" \
  --user 101:101 --read-only --cap-drop all --cap-add NET_BIND_SERVICE \
  --tmpfs /run:mode=1777 --tmpfs /var/cache/nginx:mode=1777 -v ./lab/site:/usr/share/nginx/html:ro \
  -p "$TORIDE_PORT:80" localhost/nginx
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
