#!/bin/bash
set -eu
# Signed by cosign itself, which names the repository and no tag.
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
podman push localhost/busybox "$team/modern"
COSIGN_PASSWORD='' cosign generate-key-pair --output-key-prefix lab/cosign
digest=$(skopeo inspect --tls-verify=false --format '{{.Digest}}' "docker://$team/modern")
COSIGN_PASSWORD='' cosign sign -y --key lab/cosign.key --tlog-upload=false --allow-http-registry "$team/modern@$digest"
cat > $config/policy.json <<END
{
  "default": [{ "type": "reject" }],
  "transports": {
    "docker": {
      "$registry": [{ "type": "signedBy", "keyType": "GPGKeys", "keyPath": "/home/learner/lab/signer.asc" }],
      "$team/modern": [{ "type": "sigstoreSigned", "keyPath": "/home/learner/lab/cosign.pub",
        "signedIdentity": { "type": "matchRepository" } }]
    }
  }
}
END
podman pull -q "$team/notebook"
podman pull -q "$team/modern"
if podman pull -q "$team/stranger"; then exit 1; fi
