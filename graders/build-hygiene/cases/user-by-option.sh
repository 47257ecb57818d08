#!/bin/bash
set -eu
# The user comes from an option of the start, not from the image.
cd lab/app
sed -i "s/Your token belongs here./$TORIDE_TOKEN/" page.html
cat > Containerfile <<END
FROM localhost/builder AS build
COPY server.c /src/
RUN cc -o /server /src/server.c
FROM scratch
COPY --from=build /server /server
COPY page.html /page.html
ENTRYPOINT ["/server"]
END
podman build -q -t orders .
podman run -d --name orders --user "$TORIDE_APP_UID:$TORIDE_APP_UID" -p "$TORIDE_PORT:8080" localhost/orders
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
