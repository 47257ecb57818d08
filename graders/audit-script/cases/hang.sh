#!/bin/bash
set -eu
# It never ends.
cat > lab/audit.sh <<'END'
#!/bin/bash
sleep 600
END
