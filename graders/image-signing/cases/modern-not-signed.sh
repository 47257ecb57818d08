#!/bin/bash
set -eu
# A key pair alone signs nothing.
registry=localhost:$TORIDE_PORT
team=$registry/$TORIDE_TEAM
export REGISTRY_HTTP_ADDR=$registry
nohup docker-registry serve lab/registry.yml > lab/registry.log 2>&1 < /dev/null &
config=.config/containers
mkdir -p $config/registries.conf.d $config/registries.d
printf '[[registry]]\nlocation = "%s"\ninsecure = true\n' "$registry" > $config/registries.conf.d/lab.conf
printf 'docker:\n  %s:\n    use-sigstore-attachments: true\n' "$registry" > $config/registries.d/lab.yaml
curl -fsS -o /dev/null --retry 20 --retry-all-errors --retry-delay 1 --retry-connrefused "http://$registry/v2/"
gpg --batch --passphrase '' --quick-gen-key "$TORIDE_TEAM@example.com"
gpg --armor --export "$TORIDE_TEAM@example.com" > lab/signer.asc
podman push --sign-by "$TORIDE_TEAM@example.com" localhost/nginx "$team/notebook"
podman push localhost/busybox "$team/stranger"
printf secret > passphrase
skopeo generate-sigstore-key --passphrase-file passphrase --output-prefix lab/cosign
podman push localhost/busybox "$team/modern"
cat > $config/policy.json <<END
{
  "default": [{ "type": "reject" }],
  "transports": {
    "docker": {
      "$registry": [{ "type": "signedBy", "keyType": "GPGKeys", "keyPath": "/home/learner/lab/signer.asc" }],
      "$team/modern": [{ "type": "sigstoreSigned", "keyPath": "/home/learner/lab/cosign.pub" }]
    }
  }
}
END
