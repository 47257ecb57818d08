#!/bin/bash
set -eu
# Larger than any script.
{ echo '#!/bin/bash'; head -c 300000 /dev/zero | tr '\0' '#'; } > lab/audit.sh
