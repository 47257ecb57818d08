#!/bin/bash
set -eu
sed -i "s/Your token belongs here./$TORIDE_TOKEN/" lab/site/index.html
podman unshare chown -R "$TORIDE_APP_UID:$TORIDE_APP_UID" lab/notes
cat > lab/pod.yaml <<YAML
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  securityContext: { runAsUser: $TORIDE_APP_UID, runAsGroup: $TORIDE_APP_UID }
  containers:
    - name: notebook
      image: localhost/nginx
      ports: [{ containerPort: 8080, hostPort: $TORIDE_PORT }]
      volumeMounts:
        - { name: conf, mountPath: /etc/nginx/nginx.conf, readOnly: true }
        - { name: site, mountPath: /usr/share/nginx/html, readOnly: true }
        - { name: notes, mountPath: /data }
  volumes:
    - { name: conf, hostPath: { path: $HOME/lab/nginx.conf, type: File } }
    - { name: site, hostPath: { path: $HOME/lab/site, type: Directory } }
    - { name: notes, hostPath: { path: $HOME/lab/notes, type: Directory } }
YAML
podman kube play --network pasta lab/pod.yaml
curl -sS --retry 20 --retry-delay 1 --retry-all-errors -o /dev/null "http://localhost:$TORIDE_PORT/"
