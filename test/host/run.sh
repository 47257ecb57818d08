# What is tested in the guest, as the ordinary user toride. Each line says how it ended; the host counts.
toride() {
  node --disable-warning=ExperimentalWarning src/cli/main.ts "$@"
  echo "toride-guest: $* ended with $?"
}
echo "kernel $(uname -r), SELinux $(getenforce 2> /dev/null || echo absent), label $(cat /proc/self/attr/current | tr -d '\0')"
toride test integration engine
toride labs verify selinux
toride labs verify read-only --case solve
