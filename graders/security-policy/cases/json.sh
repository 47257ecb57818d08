#!/bin/bash
set -eu
# JSON is YAML too; every rule in an entry of its own, in another order. The image brings user and label.
cat > lab/security-policy.yaml <<END
{"spec": {
  "allowed": [{"capabilities": {"add": ["$TORIDE_ALLOWED"]}}, {"capabilities": {"add": ["CAP_NET_BIND_SERVICE"]}}],
  "required": [{"dropCapabilities": ["all"]}, {"noNewPrivileges": true}, {"runAsNonRoot": true}, {"readOnlyRootFilesystem": true}],
  "forbidden": [{"mounts": ["$TORIDE_HOST_PATH/"]}, {"hostNamespaces": ["$TORIDE_NAMESPACE"]}, {"hostNamespaces": ["network"]},
    {"capabilities": {"add": ["$TORIDE_FORBIDDEN"]}}, {"capabilities": {"add": ["SYS_ADMIN"]}}, {"privileged": true}],
  "requiredLabels": [{"value": "$TORIDE_LABEL_VALUE", "key": "$TORIDE_LABEL_KEY"}]
 }, "metadata": {"name": "mine"}, "kind": "SecurityPolicy", "apiVersion": "v1"}
END
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
cat > lab/Containerfile <<END
FROM localhost/nginx
COPY site/index.html /usr/share/nginx/html/
LABEL $TORIDE_LABEL_KEY=$TORIDE_LABEL_VALUE
USER 101:101
END
podman build -q -t notebook lab
podman run -d --read-only --cap-drop all --cap-add NET_BIND_SERVICE --security-opt no-new-privileges \
  --tmpfs /run:mode=1777 --tmpfs /var/cache/nginx:mode=1777 -p "$TORIDE_PORT:80" localhost/notebook
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
