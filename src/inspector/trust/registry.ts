/** What a registry on the sandbox's localhost serves, by the HTTP API that clients use. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { InitProcess, Probe } from '../probe.ts';
import type { ServedImage } from '../snapshot.ts';

const MOST_ATTACHMENTS = 8;
const MANIFESTS = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
].join(',');

const attachmentSchema = z.object({
  layers: z.array(
    z.object({
      mediaType: z.string(),
      digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
      annotations: z.record(z.string(), z.string()).nullish(),
    }),
  ),
});

/** 'sha256:…' of bytes given as base64. */
export const digestOf = (base64: string): string =>
  `sha256:${createHash('sha256').update(Buffer.from(base64, 'base64')).digest('hex')}`;

export async function manifestOf(
  probe: Probe,
  init: InitProcess,
  port: number,
  repository: string,
  tag: string,
): Promise<Pick<ServedImage, 'status' | 'mediaType' | 'manifest'>> {
  const path = `/v2/${repository}/manifests/${tag}`;
  const answer = await probe.request(init, { port, path, accept: MANIFESTS, findMs: 0 });
  const whole = answer.status === 200 && !answer.truncated;
  return {
    status: answer.status ?? null,
    mediaType: answer.headers?.['content-type'] ?? null,
    manifest: whole ? (answer.body ?? '') : null,
  };
}

/** Sigstore signatures are an image of their own, whose tag names the digest they are about. */
export async function attachmentsOf(
  probe: Probe,
  init: InitProcess,
  port: number,
  repository: string,
  digest: string,
): Promise<ServedImage['attachments']> {
  const { manifest } = await manifestOf(probe, init, port, repository, `${digest.replace(':', '-')}.sig`);
  const layers = manifest === null ? [] : layersOf(manifest);
  const attachments: ServedImage['attachments'] = [];
  for (const { mediaType, digest: blob, annotations } of layers.slice(0, MOST_ATTACHMENTS)) {
    const answer = await probe.request(init, { port, path: `/v2/${repository}/blobs/${blob}`, findMs: 0 });
    const payload = answer.status === 200 && !answer.truncated ? (answer.body ?? '') : null;
    const genuine = payload !== null && digestOf(payload) === blob;
    attachments.push({ mediaType, annotations: annotations ?? {}, payload: genuine ? payload : null });
  }
  return attachments;
}

function layersOf(manifest: string): z.infer<typeof attachmentSchema>['layers'] {
  try {
    return attachmentSchema.parse(JSON.parse(Buffer.from(manifest, 'base64').toString('utf8'))).layers;
  } catch {
    return [];
  }
}
