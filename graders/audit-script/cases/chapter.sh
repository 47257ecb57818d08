#!/bin/bash
set -eu
# The script of the chapter, its format repaired.
cat > lab/audit.sh <<'END'
#!/bin/bash
echo "=== Container Security Audit ==="
echo -e "\n[Running Containers]"
podman ps --format "table {{.Names}}\t{{.Status}}\t{{.Ports}}"
echo -e "\n[Privileged Containers]"
podman ps -a --format json | jq '.[] | select(.Privileged == true) | .Names'
echo -e "\n[Containers running as root]"
for container in $(podman ps -q); do
  USER=$(podman exec $container whoami 2>/dev/null)
  if [ "$USER" = "root" ]; then echo "Container: $(podman inspect $container | jq -r '.[0].Name')"; fi
done
END
