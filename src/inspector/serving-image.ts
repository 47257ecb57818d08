/**
 * The files of the container that answered, the layers below them, and the image they belong to.
 *
 * Which layers those are, the kernel says: the lower directories of the container's own overlay mount. The image is the
 * one in the learner's store that is made of just these layers; its configuration counts when its bytes match the id.
 */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { z } from 'zod';
import { secretForms } from './needles.ts';
import { type InitProcess, ObservationError, type Probe } from './probe.ts';
import { rootMount } from './root-mount.ts';
import type { ImageConfig, Process, ProcessTable, ServingImage, Tree } from './snapshot.ts';
import { imageId, READY_STORE, readJson, STORE } from './store.ts';

const MOST_LAYERS = 64;
const MOST_IMAGES = 64;
const CHAIN_LIMIT = 64 * 1024;
const ENVIRONMENT_LIMIT = 1024 * 1024;
const LAYER = /\/overlay\/([0-9a-f]{64})\/diff$/;

export interface Server {
  /** The process that answered. */
  readonly process: Process;
  /** All processes of its container. */
  readonly container: readonly Process[];
}

export async function readServingImage(
  probe: Probe,
  init: InitProcess,
  table: ProcessTable,
  { process, container }: Server,
  find: readonly string[],
  marks: readonly string[],
): Promise<ServingImage> {
  const needles = [
    ...find.flatMap((secret, needle) => secretForms(secret).map((bytes) => ({ needle, bytes }))),
    ...marks.map((mark, index) => ({ needle: find.length + index, bytes: Buffer.from(mark) })),
  ];
  const look = async (of: InitProcess, path: string): Promise<Tree> => {
    const tree = await probe.tree(
      of,
      path,
      needles.map(({ bytes }) => bytes),
    );
    return { ...tree, found: tree.found.map((hit) => ({ ...hit, needle: needles[hit.needle]?.needle ?? hit.needle })) };
  };
  const root = await look(process, '/');
  const overlay = overlayOf(table, process);
  const layers: Tree[] = [];
  for (const path of overlay?.lower ?? []) layers.push(await look(init, path));
  const found = overlay ? await imageOf(probe, init, overlay) : { image: null, reason: 'its root is no overlay' };
  const words = [...(await wordsOf(container)), ...('words' in found ? found.words : [])];
  return {
    root,
    layers,
    image: found.image,
    reason: found.reason,
    found: words.flatMap(({ place, bytes }) => {
      const hits = new Set(needles.flatMap((one) => (bytes.includes(one.bytes) ? [one.needle] : [])));
      return [...hits].map((needle) => ({ needle, place }));
    }),
  };
}

interface Overlay {
  /** Absolute, the topmost first. */
  readonly lower: readonly string[];
  /** The container's own layer, as the store names it. */
  readonly upper: string | undefined;
}

function overlayOf(table: ProcessTable, process: Process): Overlay | undefined {
  const mount = rootMount(table, process);
  if (mount?.fsType !== 'overlay') return undefined;
  const option = (name: string) => mount.superOptions.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1);
  const lower = (option('lowerdir') ?? '').split(':').filter((path) => path !== '');
  if (lower.length > MOST_LAYERS)
    throw new ObservationError('too-many', `${lower.length} layers; at most ${MOST_LAYERS}`);
  return {
    lower: lower.map((path) => (path.startsWith('/') ? path : `${STORE}/overlay/${path}`)),
    upper: LAYER.exec(option('upperdir') ?? '')?.[1],
  };
}

const imagesSchema = z.array(
  z.object({
    id: imageId,
    names: z.array(z.string()).nullish(),
    layer: z.string().nullish(),
    /** Copies of the topmost layer with other owners, made for user namespaces of their own (--userns=auto). */
    'mapped-layers': z.array(z.string()).nullish(),
  }),
);
const containersSchema = z.array(z.object({ layer: z.string().nullish(), image: z.string().nullish() }));

type Found = { image: null; reason: string } | { image: ImageConfig; reason: null; words: Words[] };

async function imageOf(probe: Probe, init: InitProcess, overlay: Overlay): Promise<Found> {
  const read = <T extends z.ZodType>(path: string, schema: T) => readJson(probe, init, path, schema);
  const wanted = linkNames(overlay.lower);
  const matching: { id: string; names: string[]; store: string }[] = [];
  // Builds leave many images on the same topmost layer.
  const chains = new Map<string, string | undefined>();
  for (const store of [READY_STORE, STORE]) {
    const images = (await read(`${store}/overlay-images/images.json`, imagesSchema)) ?? [];
    // The newest come last.
    for (const { id, names, layer, 'mapped-layers': mapped } of images.slice(-MOST_IMAGES))
      for (const top of [layer, ...(mapped ?? [])].filter((name) => imageId.safeParse(name).success)) {
        if (!chains.has(top!)) chains.set(top!, await chainOf(probe, init, top!));
        if (chains.get(top!) === wanted) matching.push({ id, names: names ?? [], store });
      }
  }
  const records = (await read(`${STORE}/overlay-containers/containers.json`, containersSchema)) ?? [];
  // Images that differ in their configuration alone share all layers: then the container's own record tells them apart.
  const recorded = records.find(({ layer }) => layer === overlay.upper)?.image;
  const image = matching.find(({ id }) => id === recorded) ?? (matching.length === 1 ? matching[0] : undefined);
  if (!image) return { image: null, reason: 'no image in the store has the layers that the container runs on' };
  return configOf(probe, init, image);
}

/** The layers from the topmost down as the store links them to one another. */
async function chainOf(probe: Probe, init: InitProcess, top: string): Promise<string | undefined> {
  const text = async (path: string) => {
    const file = await probe.file(init, path, CHAIN_LIMIT);
    return file && 'base64' in file ? Buffer.from(file.base64, 'base64').toString('latin1').trim() : '';
  };
  for (const store of [STORE, READY_STORE]) {
    const link = await text(`${store}/overlay/${top}/link`);
    if (link === '') continue;
    const lower = await text(`${store}/overlay/${top}/lower`);
    return linkNames([link, ...lower.split(':')]);
  }
  return undefined;
}

/** The names of links in paths of layers; the second half of a layer goes by the first one's name (l/NAME/../diff1). */
function linkNames(paths: readonly string[]): string {
  return paths
    .filter((path) => path !== '' && !path.includes('/../'))
    .map((path) => path.split('/').at(-1))
    .join(':');
}

const strings = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? []);
const names = z
  .record(z.string(), z.unknown())
  .nullish()
  .transform((record) => Object.keys(record ?? {}));
const configSchema = z.object({
  config: z
    .object({
      User: z.string().nullish(),
      Env: strings,
      Entrypoint: strings,
      Cmd: strings,
      Labels: z.record(z.string(), z.string()).nullish(),
      Volumes: names,
      ExposedPorts: names,
    })
    .nullish(),
  history: z
    .array(
      z.object({ created_by: z.string().nullish(), comment: z.string().nullish(), empty_layer: z.boolean().nullish() }),
    )
    .nullish(),
});

async function configOf(
  probe: Probe,
  init: InitProcess,
  image: { id: string; names: string[]; store: string },
): Promise<Found> {
  const folder = `${image.store}/overlay-images/${image.id}`;
  const file = await probe.file(init, `${folder}/=${Buffer.from(`sha256:${image.id}`).toString('base64')}`);
  const bytes = file && 'base64' in file ? Buffer.from(file.base64, 'base64') : undefined;
  if (!bytes || createHash('sha256').update(bytes).digest('hex') !== image.id)
    return { image: null, reason: `the configuration of image ${image.id.slice(0, 12)} does not match its id` };
  const manifest = await probe.file(init, `${folder}/manifest`);
  const parsed = safeParse(bytes);
  if (!parsed) return { image: null, reason: `the configuration of image ${image.id.slice(0, 12)} cannot be read` };
  const { config, history } = parsed;
  return {
    image: {
      id: image.id,
      names: image.names.slice(0, 16),
      user: config?.User ?? '',
      env: config?.Env ?? [],
      entrypoint: config?.Entrypoint ?? [],
      cmd: config?.Cmd ?? [],
      labels: config?.Labels ?? {},
      volumes: config?.Volumes ?? [],
      exposedPorts: config?.ExposedPorts ?? [],
      history: (history ?? []).map((step) => ({ createdBy: step.created_by ?? '', empty: step.empty_layer ?? false })),
    },
    reason: null,
    words: [
      { place: 'configuration and history of the image', bytes },
      ...(manifest && 'base64' in manifest
        ? [{ place: 'manifest of the image', bytes: Buffer.from(manifest.base64, 'base64') }]
        : []),
    ],
  };
}

function safeParse(bytes: Buffer): z.infer<typeof configSchema> | undefined {
  try {
    return configSchema.parse(JSON.parse(bytes.toString('utf8')));
  } catch {
    return undefined;
  }
}

interface Words {
  readonly place: string;
  readonly bytes: Buffer;
}

/** Environment and command line: what the kernel keeps of a start, readable by whoever sees the process. */
async function wordsOf(container: readonly Process[]): Promise<Words[]> {
  const words: Words[] = [];
  for (const { pid, name, cmdline } of container) {
    words.push({ place: `command line of ${name}`, bytes: Buffer.from(cmdline.join('\0')) });
    words.push({ place: `environment of ${name}`, bytes: await environment(pid, name) });
  }
  return words;
}

async function environment(pid: number, name: string): Promise<Buffer> {
  try {
    const file = await open(`/proc/${pid}/environ`);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(ENVIRONMENT_LIMIT), 0, ENVIRONMENT_LIMIT);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new ObservationError(
      'not-permitted',
      `the environment of ${name} cannot be read: ${(error as Error).message}`,
    );
  }
}
