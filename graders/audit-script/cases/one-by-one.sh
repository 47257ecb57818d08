#!/bin/bash
set -eu
# Container by container, with --format and the tests of the shell.
cat > lab/audit.sh <<'END'
#!/bin/bash
finding() { printf '{"container":"%s","rule":"%s"}\n' "$name" "$1"; }
for id in $(podman ps -aq); do
  {
    read -r name; read -r privileged; read -r readonly; read -r memory; read -r pids; read -r modes
    read -r options; read -r caps; read -r user
  } < <(podman inspect "$id" --format '{{.Name}}
{{.HostConfig.Privileged}}
{{.HostConfig.ReadonlyRootfs}}
{{.HostConfig.Memory}}
{{.HostConfig.PidsLimit}}
{{.HostConfig.NetworkMode}} {{.HostConfig.PidMode}} {{.HostConfig.IpcMode}} {{.HostConfig.UTSMode}}
{{.HostConfig.SecurityOpt}}
{{.BoundingCaps}}
{{.Config.User}}')
  [ "$privileged" = true ] && finding privileged
  [ "$readonly" = true ] || finding writable-root
  if [ "$memory" -le 0 ] || [ "$pids" -le 0 ]; then finding no-limits; fi
  case " $modes " in *" host "*) finding host-namespace ;; esac
  case "$options" in *no-new-privileges*) ;; *) finding new-privileges ;; esac
  case "$options" in *seccomp=unconfined*) finding seccomp ;; esac
  case "$caps" in "[]" | "[CAP_NET_BIND_SERVICE]") ;; *) finding capabilities ;; esac
  case "${user%%:*}" in "" | 0 | root) finding root-user ;; esac
  podman inspect "$id" --format '{{range .Mounts}}{{if eq .Type "bind"}}{{.RW}} {{.Source}}
{{end}}{{end}}' | while read -r rw source; do
    [ "$rw" = true ] && finding writable-mount
    case "$source/" in
      /run/user/1000/podman/*) finding runtime-socket ;;
      // | /etc/* | /root/* | /boot/* | /proc/* | /sys/* | /dev/*) finding sensitive-mount ;;
    esac
  done
done
exit 0
END
