#!/bin/bash
set -eu
# The report of Clair; the image is rebuilt by a Containerfile on its old base.
sed -i "s/Your token belongs here./$TORIDE_TOKEN/" lab/team/index.html
podman build -q --build-arg WITHOUT="$TORIDE_WITHOUT" -t localhost/team lab/team
python3 -c 'import sys, zlib; sys.stdout.buffer.write(zlib.compress(sys.stdin.buffer.read()))' \
  < lab/advisories/bookworm.txt > lab/advisories/bookworm
podman create --name team localhost/team
podman cp team:/var/lib/dpkg/status lab/status
debsecan --suite bookworm --source "file://$HOME/lab/advisories" --status lab/status --format detail > lab/findings.txt
awk '/^CVE/ { cve = $1 } /installed:/ { name = $2 }
  /fixed in unstable:/ { print cve, name, $5 }' lab/findings.txt |
  jq -R -s 'split("\n") | map(select(. != "") | split(" ") | { cve: .[0], package: .[1], fixed: .[2] })' > lab/report.json
jq '{ manifest_hash: "sha256:0", packages: with_entries({ key: (.key | tostring), value: { id: (.key | tostring), name: .value.package } }),
  vulnerabilities: with_entries({ key: (.key | tostring), value: { name: (.value.cve + " on " + .value.package), fixed_in_version: .value.fixed } }),
  package_vulnerabilities: with_entries({ key: (.key | tostring), value: [.key | tostring] }) }' <(jq 'to_entries | map({ key: "p\(.key)", value: .value }) | from_entries' lab/report.json) > c && mv c lab/report.json
{
  echo 'FROM localhost/team'
  awk '/installed:/ { print "RUN remove " $2 }' lab/findings.txt | sort -u
} > lab/team/New
podman build -q -f lab/team/New -t localhost/clean lab/team
podman run -d --name web -p "$TORIDE_PORT:80" localhost/clean
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
