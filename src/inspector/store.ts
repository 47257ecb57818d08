/**
 * The learner's own Podman store: names, images, OCI configurations. Everything here is the learner's to write, so it
 * is read by the safe file access, bounded, parsed as hostile, and used as a hint only.
 */
import { z } from 'zod';
import type { InitProcess, Probe } from './probe.ts';
import type { ContainerHint, ImageHint } from './snapshot.ts';

export const STORE = '/home/learner/.local/share/containers/storage';
export const READY_STORE = '/usr/lib/toride/images';
const MOST_CONTAINERS = 32;
const MOST_IMAGES = 128;
const FILE_LIMIT = 1024 * 1024;
const MOST_NAMES = 1000;

/** Layers, images and containers are all named so. */
export const imageId = z.string().regex(/^[0-9a-f]{64}$/);
const containersSchema = z.array(
  z.object({
    id: imageId,
    names: z.array(z.string()).nullish(),
    image: z.string().nullish(),
  }),
);
const imagesSchema = z.array(
  z.object({ id: z.string(), names: z.array(z.string()).nullish(), digest: z.string().nullish() }),
);
const configSchema = z.object({
  root: z.object({ readonly: z.boolean().nullish() }).nullish(),
  process: z.object({ args: z.array(z.string()).nullish() }).nullish(),
  annotations: z.record(z.string(), z.string()).nullish(),
  linux: z
    .object({
      seccomp: z
        .object({
          defaultAction: z.string().nullish(),
          syscalls: z.array(z.object({ names: z.array(z.string()).nullish(), action: z.string().nullish() })).nullish(),
        })
        .nullish(),
    })
    .nullish(),
});

/** undefined for what is absent, not a plain file, too large, not JSON or not of the expected form. */
export async function readJson<T extends z.ZodType>(
  probe: Probe,
  init: InitProcess,
  path: string,
  schema: T,
): Promise<z.infer<T> | undefined> {
  try {
    const file = await probe.file(init, path, FILE_LIMIT);
    if (file === null || 'refused' in file) return undefined;
    return schema.parse(JSON.parse(Buffer.from(file.base64, 'base64').toString('utf8')));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return undefined;
    throw error;
  }
}

export async function readContainers(probe: Probe, init: InitProcess): Promise<ContainerHint[]> {
  const folder = `${STORE}/overlay-containers`;
  const listed = (await readJson(probe, init, `${folder}/containers.json`, containersSchema)) ?? [];
  const hints: ContainerHint[] = [];
  for (const { id, names, image } of listed.slice(0, MOST_CONTAINERS)) {
    const config = await readJson(probe, init, `${folder}/${id}/userdata/config.json`, configSchema);
    hints.push({
      id,
      name: names?.[0] ?? id.slice(0, 12),
      image: image ?? null,
      config: config ? trimmed(config) : null,
    });
  }
  return hints;
}

function trimmed(config: z.infer<typeof configSchema>): ContainerHint['config'] {
  const seccomp = config.linux?.seccomp;
  const allowed = (seccomp?.syscalls ?? [])
    .filter(({ action }) => action === 'SCMP_ACT_ALLOW')
    .flatMap(({ names }) => names ?? []);
  return {
    readonlyRoot: config.root?.readonly ?? null,
    seccompDefaultAction: seccomp?.defaultAction ?? null,
    seccompAllowed: [...new Set(allowed)].sort().slice(0, MOST_NAMES),
    args: (config.process?.args ?? []).slice(0, 64),
    annotations: Object.fromEntries(Object.entries(config.annotations ?? {}).slice(0, 64)),
  };
}

export async function readImages(probe: Probe, init: InitProcess): Promise<ImageHint[]> {
  const lists = await Promise.all(
    [STORE, READY_STORE].map((store) => readJson(probe, init, `${store}/overlay-images/images.json`, imagesSchema)),
  );
  return lists
    .flatMap((list) => list ?? [])
    .slice(0, MOST_IMAGES)
    .map(({ id, names, digest }) => ({ id, names: names ?? [], digest: digest ?? null }));
}
