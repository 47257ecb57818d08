#!/bin/bash
set -eu
# A pod by YAML: its volumes in memory cannot be given noexec, and Podman adds its own.
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
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
      securityContext: { readOnlyRootFilesystem: true }
      volumeMounts:
        - { name: page, mountPath: /usr/share/nginx/html, readOnly: true }
        - { name: notes, mountPath: /data }
        - { name: cache, mountPath: /var/cache/nginx }
  volumes:
    - { name: page, hostPath: { path: $HOME/lab/site } }
    - { name: notes, persistentVolumeClaim: { claimName: notes } }
    - { name: cache, emptyDir: { medium: Memory } }
YAML
podman kube play --network pasta pod.yaml
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
