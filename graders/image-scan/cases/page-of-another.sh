#!/bin/bash
set -eu
# Clean and reported; the page is another learner’s.
sed -i "s/Your token belongs here./another0token/" lab/team/index.html
podman build -q --build-arg WITHOUT="$TORIDE_WITHOUT" -t localhost/team lab/team
python3 -c 'import sys, zlib; sys.stdout.buffer.write(zlib.compress(sys.stdin.buffer.read()))' \
  < lab/advisories/bookworm.txt > lab/advisories/bookworm
podman create --name team localhost/team
podman cp team:/var/lib/dpkg/status lab/status
debsecan --suite bookworm --source "file://$HOME/lab/advisories" --status lab/status --format detail > lab/findings.txt
awk '/^CVE/ { cve = $1 } /installed:/ { name = $2 }
  /fixed in unstable:/ { print cve, name, $5 }' lab/findings.txt |
  jq -R -s 'split("\n") | map(select(. != "") | split(" ") | { cve: .[0], package: .[1], fixed: .[2] })' > lab/report.json
podman unshare sh -c 'mnt=$(podman mount team) && dpkg --root="$mnt" --log=/dev/null --purge $(awk "/installed:/ { print \$2 }" lab/findings.txt | sort -u) && podman umount team'
podman commit -q team localhost/clean
podman run -d --name web -p "$TORIDE_PORT:80" localhost/clean
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
