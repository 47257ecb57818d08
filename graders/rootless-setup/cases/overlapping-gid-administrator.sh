set -eu
# The first gap of /etc/subuid that is large enough.
first=100000
while IFS=: read -r _ start count; do
  (( start - first >= TORIDE_APP_UID )) && break
  first=$((start + count))
done < <(sort -t: -k2n /etc/subuid)
echo "learner:$first:$TORIDE_APP_UID" >> /etc/subuid
# All that is left of the host, whoever has it.
echo "learner:$first:$((165536 - first))" >> /etc/subgid
echo "learner:$((first - 1)):1" >> /etc/subgid
sysctl -qw net.ipv4.ip_unprivileged_port_start="$TORIDE_PORT"
