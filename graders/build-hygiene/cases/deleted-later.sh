#!/bin/bash
set -eu
# One stage; a last RUN deletes what the layers before it still hold.
cd lab/app
sed -i "s/Your token belongs here./$TORIDE_TOKEN/" page.html
cat > Containerfile <<END
FROM localhost/builder
COPY server.c /src/
RUN cc -o /server /src/server.c
COPY page.html /page.html
RUN busybox rm -rf /src /usr /bin /sbin /lib /lib64
USER $TORIDE_APP_UID:$TORIDE_APP_UID
ENTRYPOINT ["/server"]
END
podman build -q -t orders .
podman run -d --name orders -p "$TORIDE_PORT:8080" localhost/orders
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
