# What is tested in the guest, as the ordinary user toride. Each line says how it ended; the host counts.
toride() {
  node --disable-warning=ExperimentalWarning src/cli/main.ts "$@"
  echo "toride-guest: $* ended with $?"
}
echo "kernel $(uname -r), SELinux $(getenforce 2> /dev/null || echo absent)"
# A machine without acceleration is slow: of the labels, the cases in which they are all that counts.
for one in solve same-level shared-notes private-page label-disabled; do
  toride labs verify selinux --case $one
done
toride labs verify read-only --case solve
toride test integration engine
