set -eu
sysctl -qw net.ipv4.ip_unprivileged_port_start="$TORIDE_PORT"
