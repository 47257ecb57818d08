#!/bin/bash
set -eu
# The same image by a pod.
cd lab/app
sed -i "s/Your token belongs here./$TORIDE_TOKEN/" page.html
cat > Containerfile <<END
FROM localhost/builder AS build
COPY server.c /src/
RUN cc -o /server /src/server.c
FROM scratch
COPY --from=build /server /server
COPY page.html /page.html
USER $TORIDE_APP_UID:$TORIDE_APP_UID
ENTRYPOINT ["/server"]
END
podman build -q -t orders .
cat > pod.yaml <<YAML
apiVersion: v1
kind: Pod
metadata: { name: orders }
spec:
  containers:
    - name: web
      image: localhost/orders
      imagePullPolicy: Never
      ports: [{ containerPort: 8080, hostPort: $TORIDE_PORT }]
YAML
podman kube play --network pasta pod.yaml
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
