#!/bin/bash
# A host as SELinux sees it, drawn for you. It is only printed: nothing here asks the kernel.
web="s0:c$TORIDE_FIRST,c$TORIDE_THIRD"
db="s0:c$TORIDE_SECOND,c$TORIDE_FOURTH"

echo 'Two containers (ps -eZ):'
echo "  system_u:system_r:container_t:$web   web"
echo "  system_u:system_r:container_t:$db   db"
echo
echo 'Files, mode 0666, so that only SELinux decides (ls -Z):'
files=(
  "system_u:object_r:container_file_t:$web"
  "system_u:object_r:container_file_t:$db"
  'system_u:object_r:container_file_t:s0'
  'unconfined_u:object_r:user_home_t:s0'
  "system_u:object_r:container_file_t:s0:c$TORIDE_FIRST,c$TORIDE_FOURTH"
  'system_u:object_r:container_ro_file_t:s0'
)
names=(a b c d e f)
for place in 0 1 2 3 4 5; do
  echo "  ${files[${TORIDE_FILES:place:1} - 1]}   ${names[place]}"
done
echo
echo 'Three lines of the audit log:'
avc='type=AVC avc:  denied  { write } for  comm="nginx" name="notes"'
subject="scontext=system_u:system_r:container_t:$web"
denials=(
  "$subject tcontext=unconfined_u:object_r:user_home_t:s0 tclass=dir permissive=0"
  "$subject tcontext=system_u:object_r:container_file_t:$db tclass=dir permissive=0"
  "$subject tcontext=system_u:object_r:var_log_t:s0 tclass=dir permissive=1"
)
for place in 0 1 2; do
  echo "  $((place + 1))  $avc ${denials[${TORIDE_DENIALS:place:1} - 1]}"
done
echo
echo "One folder, two containers, ${TORIDE_TURN%-*} first, then ${TORIDE_TURN#*-}, while the other still runs:"
echo "  podman run --name ${TORIDE_TURN%-*} -v /srv/data:/data:Z …"
echo "  podman run --name ${TORIDE_TURN#*-} -v /srv/data:/data:Z …"
echo
echo 'Four uses of a folder:'
uses=(
  'A database has a folder for itself, and nobody else shall read it.'
  'A web server and an upload service work in the same folder.'
  'A backup reads all of /home. Those labels must stay as they are, and no policy can be added here.'
  'A monitor reads /var/log, whose labels must stay, and shall be confined in all else. udica has made it a policy.'
)
for place in 0 1 2 3; do
  echo "  $((place + 1))  ${uses[${TORIDE_USES:place:1} - 1]}"
done
