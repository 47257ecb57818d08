#!/bin/bash
set -eu
# A pod by YAML: allowPrivilegeEscalation: false is the same bit.
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
      securityContext: { allowPrivilegeEscalation: false }
      volumeMounts:
        - { name: page, mountPath: /usr/share/nginx/html, readOnly: true }
  volumes:
    - { name: page, hostPath: { path: $HOME/lab/site } }
YAML
podman kube play --network pasta --userns=auto pod.yaml
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
