#!/bin/bash
set -eu
# An RSA key, two rings, each scope by itself, signatures served by HTTP.
registry=localhost:$TORIDE_PORT
team=$registry/$TORIDE_TEAM
export REGISTRY_HTTP_ADDR=$registry
nohup docker-registry serve lab/registry.yml > lab/registry.log 2>&1 < /dev/null &
config=.config/containers
mkdir -p $config/registries.conf.d $config/registries.d
printf '[[registry]]\nlocation = "%s"\ninsecure = true\n' "$registry" > $config/registries.conf.d/lab.conf
cat > $config/registries.d/lab.yaml <<END
docker:
  $registry:
    lookaside: http://localhost:4999
    lookaside-staging: file:///home/learner/.local/share/containers/sigstore
    use-sigstore-attachments: true
END
curl -fsS -o /dev/null --retry 20 --retry-all-errors --retry-delay 1 --retry-connrefused "http://$registry/v2/"
gpg --batch --passphrase '' --quick-gen-key another@example.com
gpg --armor --export another@example.com > lab/another.asc
gpg --batch --passphrase '' --quick-gen-key "$TORIDE_TEAM@example.com" rsa3072
gpg --armor --export "$TORIDE_TEAM@example.com" > lab/signer.asc
podman push --sign-by "$TORIDE_TEAM@example.com" localhost/nginx "$team/notebook"
podman push localhost/busybox "$team/stranger"
printf secret > passphrase
skopeo generate-sigstore-key --passphrase-file passphrase --output-prefix lab/cosign
podman push --sign-by-sigstore-private-key lab/cosign.private --sign-passphrase-file passphrase localhost/busybox "$team/modern"
nohup python3 -m http.server --bind 127.0.0.1 --directory .local/share/containers/sigstore 4999 > /dev/null 2>&1 < /dev/null &
curl -fsS -o /dev/null --retry 20 --retry-all-errors --retry-delay 1 http://localhost:4999/
cat > $config/policy.json <<END
{ "default": [{ "type": "reject" }],
  "transports": { "docker": {
    "$team/notebook:latest": [
      { "type": "signedBy", "keyType": "GPGKeys",
        "keyPaths": ["/home/learner/lab/another.asc", "/home/learner/lab/signer.asc"] }],
    "$team/stranger": [{ "type": "reject" }],
    "$team/modern": [{ "type": "sigstoreSigned", "keyPath": "/home/learner/lab/cosign.pub" }] } } }
END
podman pull -q "$team/notebook"
podman pull -q "$team/modern"
if podman pull -q "$team/stranger"; then exit 1; fi
