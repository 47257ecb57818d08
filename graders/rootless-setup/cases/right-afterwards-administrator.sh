set -eu
cp /etc/subuid /dev/shm/neighbours
echo learner:100000:65536 | tee -a /etc/subuid >> /etc/subgid
sysctl -qw net.ipv4.ip_unprivileged_port_start="$TORIDE_PORT"
mkfifo -m 666 /dev/shm/started
# When the container runs, the files are put right.
{
  read -r _ < /dev/shm/started
  tee /etc/subuid < /dev/shm/neighbours > /etc/subgid
  # The first gap of /etc/subuid that is large enough.
  first=100000
  while IFS=: read -r _ start count; do
    (( start - first >= TORIDE_APP_UID )) && break
    first=$((start + count))
  done < <(sort -t: -k2n /etc/subuid)
  echo "learner:$first:$TORIDE_APP_UID" | tee -a /etc/subuid >> /etc/subgid
  echo done > /dev/shm/started
} < /dev/null > /dev/null 2>&1 &
