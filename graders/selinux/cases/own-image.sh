#!/bin/bash
set -eu
# --mount with relabel, and an image of one’s own.
python3 - <<'PYTHON'
import json, os

def here():
    try:
        return open("/proc/self/attr/current").read().strip("\0\n")
    except OSError:
        return "none"


value = lambda name: os.environ["TORIDE_" + name]
first, second, third, fourth = (int(value(name)) for name in ("FIRST", "SECOND", "THIRD", "FOURTH"))
letters = lambda kinds: "".join(sorted("abcdef"[value("FILES").index(kind)] for kind in kinds))
before, after = value("TURN").split("-")
pairs = {"web": (first, third), "db": (second, fourth)}
answers = {
    "here": here(),
    "reads": letters("136"),
    "writes": letters("13"),
    "denials": " ".join({"1": "type", "2": "level", "3": "nothing"}[kind] for kind in value("DENIALS")),
    "level": "s0:c%d,c%d" % pairs[after],
    "locked-out": before,
    "uses": " ".join({"1": "Z", "2": "z", "3": "disable", "4": "type"}[kind] for kind in value("USES")),
}
json.dump(answers, open("lab/answers.json", "w"))
PYTHON
sed -i "s/Your token belongs here./$TORIDE_TOKEN/" lab/site/index.html
mkdir -p lab/notes
printf 'FROM localhost/nginx\nRUN echo mine > /mine\n' | podman build -q -t mine -
podman create --name web -p "$TORIDE_PORT:80" --mount type=bind,source=./lab/site,target=/usr/share/nginx/html,ro,relabel=shared -v ./lab/notes:/data:Z mine
podman create --name second -p "$TORIDE_SECOND_PORT:80" -v ./lab/site:/usr/share/nginx/html:ro,z mine
podman start web second
for port in "$TORIDE_PORT" "$TORIDE_SECOND_PORT"; do
  curl -sS --retry 20 --retry-delay 1 --retry-all-errors -o /dev/null "http://localhost:$port/"
done
