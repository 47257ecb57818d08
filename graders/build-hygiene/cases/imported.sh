#!/bin/bash
set -eu
# No Containerfile: the program is compiled in a container and imported as an image.
cd lab/app
sed -i "s/Your token belongs here./$TORIDE_TOKEN/" page.html
mkdir out
podman run --rm -v .:/src localhost/builder cc -o /src/out/server /src/server.c
cp page.html out/
tar -C out --owner=0 --group=0 -cf app.tar .
podman import -q -c "USER $TORIDE_APP_UID:$TORIDE_APP_UID" -c 'ENTRYPOINT ["/server"]' app.tar localhost/orders
podman run -d --name orders -p "$TORIDE_PORT:8080" localhost/orders
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
