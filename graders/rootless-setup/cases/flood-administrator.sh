set -eu
# The first gap of /etc/subuid that is large enough.
first=100000
while IFS=: read -r _ start count; do
  (( start - first >= TORIDE_APP_UID )) && break
  first=$((start + count))
done < <(sort -t: -k2n /etc/subuid)
for file in /etc/subuid /etc/subgid; do
  echo "learner:$first:$TORIDE_APP_UID" >> "$file"
  head -c 3000000 /dev/zero | tr '\0' '\n' >> "$file"
done
sysctl -qw net.ipv4.ip_unprivileged_port_start="$TORIDE_PORT"
