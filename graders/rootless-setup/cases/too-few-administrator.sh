set -eu
# The first gap of /etc/subuid that is large enough.
first=100000
while IFS=: read -r _ start count; do
  (( start - first >= TORIDE_APP_UID )) && break
  first=$((start + count))
done < <(sort -t: -k2n /etc/subuid)
echo "learner:$first:2000" | tee -a /etc/subuid >> /etc/subgid
sysctl -qw net.ipv4.ip_unprivileged_port_start="$TORIDE_PORT"
