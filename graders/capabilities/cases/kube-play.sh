#!/bin/bash
set -eu
# A pod by YAML. Its pause process would have the default set, so the default is emptied.
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
mkdir -p .config/containers
cp /etc/containers/containers.conf .config/containers/
sed -i 's/^\[containers\]/&\ndefault_capabilities = []/' .config/containers/containers.conf
cat > pod.yaml <<YAML
apiVersion: v1
kind: Pod
metadata: { name: notebook }
spec:
  containers:
    - name: web
      image: localhost/nginx
      imagePullPolicy: Never
      ports: [{ containerPort: 80, hostPort: $TORIDE_PORT }]
      securityContext:
        capabilities: { drop: [ALL], add: [CHOWN, SETGID, SETUID, NET_BIND_SERVICE] }
      volumeMounts:
        - { name: page, mountPath: /usr/share/nginx/html, readOnly: true }
        - { name: cache, mountPath: /var/cache/nginx }
  volumes:
    - { name: page, hostPath: { path: $HOME/lab/site } }
    - { name: cache, emptyDir: { medium: Memory } }
YAML
podman kube play --network pasta pod.yaml
podman run -d --name gate --cap-drop all --cap-add NET_ADMIN \
  localhost/busybox sh -c "ip addr add $TORIDE_GATE_ADDRESS/32 dev lo && exec httpd -f -p $TORIDE_GATE_ADDRESS:$TORIDE_GATE_PORT"
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
