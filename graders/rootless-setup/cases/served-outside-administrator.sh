set -eu
# The first gap of /etc/subuid that is large enough.
first=100000
while IFS=: read -r _ start count; do
  (( start - first >= TORIDE_APP_UID )) && break
  first=$((start + count))
done < <(sort -t: -k2n /etc/subuid)
echo "learner:$first:$TORIDE_APP_UID" | tee -a /etc/subuid >> /etc/subgid
sysctl -qw net.ipv4.ip_unprivileged_port_start="$TORIDE_PORT"
mkdir -p /tmp/site/notes
echo "$TORIDE_TOKEN" > /tmp/site/index.html
setsid python3 -m http.server -d /tmp/site "$TORIDE_PORT" > /dev/null 2>&1 < /dev/null &
