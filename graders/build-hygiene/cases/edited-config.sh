#!/bin/bash
set -eu
# The configuration of the image is edited in place to name the user.
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
store=$(podman info -f '{{.Store.GraphRoot}}')
id=$(podman image inspect -f '{{.Id}}' localhost/orders)
file=$store/overlay-images/$id/=$(printf 'sha256:%s' "$id" | base64 -w0)
jq -c --arg user "$TORIDE_APP_UID:$TORIDE_APP_UID" '.config.User = $user' "$file" > config.new
cat config.new > "$file"
