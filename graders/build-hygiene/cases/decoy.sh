#!/bin/bash
set -eu
# The clean image has the name and another port; the one that answers is the untidy one.
cd lab/app
sed -i "s/Your token belongs here./$TORIDE_TOKEN/" page.html
podman build -q -t untidy .
podman run -d --name backend -p "$TORIDE_PORT:8080" localhost/untidy
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
podman run -d --name orders -p $((TORIDE_PORT + 1000)):8080 localhost/orders
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
