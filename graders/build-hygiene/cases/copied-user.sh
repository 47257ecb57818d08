#!/bin/bash
set -eu
# A user, but another learner's.
cd lab/app
sed -i "s/Your token belongs here./$TORIDE_TOKEN/" page.html
cat > Containerfile <<END
FROM localhost/builder AS build
COPY server.c /src/
RUN cc -o /server /src/server.c
FROM scratch
COPY --from=build /server /server
COPY page.html /page.html
USER 1999:1999
ENTRYPOINT ["/server"]
END
podman build -q -t orders .
podman run -d --name orders -p "$TORIDE_PORT:8080" localhost/orders
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
