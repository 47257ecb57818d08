#!/bin/bash
set -eu
# The clean image answers, and the work is done by an untidy one behind it.
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
podman pod create --name shop -p "$TORIDE_PORT:8080"
podman run -d --name orders --pod shop localhost/orders
podman run -d --name worker --pod shop localhost/busybox httpd -f -p 8081
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
