set -eu
# The first gap of /etc/subuid that is large enough.
first=100000
while IFS=: read -r _ start count; do
  (( start - first >= TORIDE_APP_UID )) && break
  first=$((start + count))
done < <(sort -t: -k2n /etc/subuid)
# The gap in two lines, by number and by name; groups by themselves.
half=$((TORIDE_APP_UID / 2))
printf '1000:%d:%d\nlearner:%d:%d\n' "$first" "$half" "$((first + half))" "$((TORIDE_APP_UID - half + 1))" >> /etc/subuid
echo "learner:$first:$((TORIDE_APP_UID + 100))" >> /etc/subgid
sysctl -qw net.ipv4.ip_unprivileged_port_start=0
