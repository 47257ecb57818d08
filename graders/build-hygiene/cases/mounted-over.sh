#!/bin/bash
set -eu
# The image holds a program of the right name; another, from the home folder, is mounted over it.
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
podman run --rm -v .:/src localhost/builder cc -o /src/mine /src/server.c
podman run -d --name orders -v ./mine:/server:ro -p "$TORIDE_PORT:8080" localhost/orders
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
