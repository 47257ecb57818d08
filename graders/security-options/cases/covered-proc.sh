#!/bin/bash
set -eu
# Files that look like the kernel's are mounted over /proc, in the namespaces of Podman and of the container.
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
podman run -d --name notebook \
  -v ./lab/site:/usr/share/nginx/html:ro \
  -p "$TORIDE_PORT:80" \
  localhost/nginx
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
podman exec notebook cat /proc/1/status | sed -E 's/^(NoNewPrivs:\t).*/\11/' > fake
echo '         0     100000       1024' > map
podman cp fake notebook:/tmp/fake
podman cp map notebook:/tmp/map
podman exec --privileged notebook sh -c 'for p in 1 2; do mount --bind /tmp/fake /proc/$p/status; mount --bind /tmp/map /proc/$p/uid_map; done'
pid=$(podman inspect -f '{{.State.Pid}}' notebook)
setsid podman unshare sh -c "mount --bind $HOME/fake /proc/$pid/status; mount --bind $HOME/map /proc/$pid/uid_map; exec sleep 3600" > /dev/null 2>&1 < /dev/null &
sleep 1
