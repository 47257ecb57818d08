echo learner:100000:65536 | tee -a /etc/subuid >> /etc/subgid
sysctl -qw net.ipv4.ip_unprivileged_port_start="$TORIDE_PORT"
