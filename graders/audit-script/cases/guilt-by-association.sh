#!/bin/bash
set -eu
# One finding, and the container is said to break every rule.
cat > lab/audit.sh <<'END'
#!/bin/bash
set -euo pipefail
podman ps --all --quiet | xargs --no-run-if-empty podman inspect --type container | jq -c '
  def within($folder): . == $folder or startswith($folder + "/");
  .[]
  | (.Config.User // "" | split(":")[0] // "") as $user
  | [(.Mounts // [])[] | select(.Type == "bind")] as $binds
  | .HostConfig as $host
  | ($host.SecurityOpt // []) as $options
  | {
      "privileged": $host.Privileged,
      "root-user": ($user == "" or $user == "0" or $user == "root"),
      "capabilities": ((.BoundingCaps // []) - ["CAP_NET_BIND_SERVICE"] != []),
      "writable-root": ($host.ReadonlyRootfs | not),
      "new-privileges": ($options | any(startswith("no-new-privileges")) | not),
      "seccomp": ($options | any(. == "seccomp=unconfined")),
      "host-namespace": ([$host.NetworkMode, $host.PidMode, $host.IpcMode, $host.UTSMode] | any(. == "host")),
      "runtime-socket": ($binds | any(.Source | within("/run/user/1000/podman"))),
      "sensitive-mount": ($binds | any(.Source | . == "/" or within("/etc", "/root", "/boot", "/proc", "/sys", "/dev"))),
      "writable-mount": ($binds | any(.RW)),
      "no-limits": ($host.Memory <= 0 or $host.PidsLimit <= 0)
    } as $rules
  | .Name as $name
  | select($rules | any(.[]; .)) | $rules | keys[] | {container: $name, rule: .}
'
END
