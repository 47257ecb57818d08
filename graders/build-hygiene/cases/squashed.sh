#!/bin/bash
set -eu
# One stage, and all its layers made into one that holds no tool.
cd lab/app
sed -i "s/Your token belongs here./$TORIDE_TOKEN/" page.html
cat > Containerfile <<END
FROM localhost/builder AS build
COPY . /src
RUN mkdir -p /out && cc -o /out/server /src/server.c && cp /src/page.html /out/
FROM scratch
COPY --from=build /out/ /
USER $TORIDE_APP_UID:$TORIDE_APP_UID
CMD ["/server"]
END
podman build -q -t orders .
podman run -d --name orders -p "$TORIDE_PORT:8080" localhost/orders
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
