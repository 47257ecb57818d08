#!/bin/bash
set -eu
# Python instead of jq; what privilege brings along is left out.
cat > lab/audit.sh <<'END'
#!/usr/bin/env python3
import json, subprocess

SENSITIVE = ("/etc", "/root", "/boot", "/proc", "/sys", "/dev")

def podman(*words):
    return subprocess.run(["podman", *words], check=True, capture_output=True, text=True).stdout

def within(path, *folders):
    return any(path == folder or path.startswith(folder + "/") for folder in folders)

def rules(container):
    host = container["HostConfig"]
    options = host["SecurityOpt"] or []
    sources = [m["Source"] for m in container["Mounts"] or [] if m["Type"] == "bind"]
    if host["Privileged"]:
        yield "privileged"
    elif set(container["BoundingCaps"] or []) - {"CAP_NET_BIND_SERVICE"}:
        yield "capabilities"
    if container["Config"]["User"].split(":")[0] in ("", "0", "root"):
        yield "root-user"
    if not host["ReadonlyRootfs"]:
        yield "writable-root"
    if "no-new-privileges" not in options:
        yield "new-privileges"
    if "seccomp=unconfined" in options:
        yield "seccomp"
    if "host" in (host["NetworkMode"], host["PidMode"], host["IpcMode"], host["UTSMode"]):
        yield "host-namespace"
    if any(within(source, "/run/user/1000/podman") for source in sources):
        yield "runtime-socket"
    if any(source == "/" or within(source, *SENSITIVE) for source in sources):
        yield "sensitive-mount"
    if any(m["RW"] for m in container["Mounts"] or [] if m["Type"] == "bind"):
        yield "writable-mount"
    if host["Memory"] <= 0 or host["PidsLimit"] <= 0:
        yield "no-limits"

ids = podman("ps", "--all", "--quiet").split()
for container in json.loads(podman("inspect", *ids)) if ids else []:
    for rule in rules(container):
        print(json.dumps({"container": container["Name"], "rule": rule}))
END
