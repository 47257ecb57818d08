/**
 * Image trust as a client of containers/image meets it: the policy, its keys, what a registry on localhost serves and
 * the signatures beside it. Read by safe file access and plain HTTP; verified here only where a library needs time of
 * its own (OpenPGP), judged by graders.
 */

import type { TrustPlan } from './plan.ts';
import { type InitProcess, ObservationError, type Probe, REFUSALS } from './probe.ts';
import type { Trust } from './snapshot.ts';
import { lookasideFor, type RegistriesFile } from './trust/lookaside.ts';
import { verifyMessages } from './trust/openpgp.ts';
import { attachmentsOf, digestOf, manifestOf } from './trust/registry.ts';

const USER = '/home/learner/.config/containers';
const SYSTEM = '/etc/containers';
/** For a policy, a key, a signature, a manifest. */
const FILE_LIMIT = 64 * 1024;
const MOST_KEYS = 16;
const MOST_REGISTRY_FILES = 32;
const MOST_SIGNATURES = 8;
/** What a learner can put in the place of a folder; anything else that goes wrong is ours. */
const UNUSABLE = new Set([...REFUSALS, 'not-a-directory', 'unreadable']);

/** null for what is absent; undefined for what is there and cannot be used: a link, a pipe, something huge. */
async function read(probe: Probe, init: InitProcess, path: string): Promise<string | null | undefined> {
  const file = await probe.file(init, path, FILE_LIMIT);
  if (file === null) return null;
  return 'refused' in file ? undefined : file.base64;
}

export async function readTrust(probe: Probe, init: InitProcess, plan: TrustPlan): Promise<Trust> {
  const policy = await readPolicy(probe, init);
  const keys = await readKeys(probe, init, [...plan.keys, ...keysNamedIn(policy.base64)]);
  const registriesD = await readRegistriesD(probe, init);
  const images: Trust['images'] = {};
  for (const repository of plan.repositories) {
    const served = await manifestOf(probe, init, plan.port, repository, plan.tag);
    const digest = served.manifest === null ? undefined : digestOf(served.manifest);
    const place = lookasideFor(registriesD, { registry: `localhost:${plan.port}`, repository, tag: plan.tag });
    const base = place?.base ?? null;
    const found = digest && base ? await readSignatures(probe, init, `${base}/${repository}@${digest}`) : [];
    const contents = await verifyMessages(
      Object.entries(keys).flatMap(([name, key]) => (key === null ? [] : [{ name, key }])),
      found.map((signature) => signature.base64),
    );
    images[repository] = {
      ...served,
      lookaside: base,
      signatures: found.map((signature, index) => ({ ...signature, contents: contents[index] ?? {} })),
      attachmentsUsed: place?.attachments ?? false,
      attachments: digest ? await attachmentsOf(probe, init, plan.port, repository, digest) : [],
    };
  }
  return { policy, keys, images };
}

async function readPolicy(probe: Probe, init: InitProcess): Promise<Trust['policy']> {
  for (const folder of [USER, SYSTEM]) {
    const path = `${folder}/policy.json`;
    const content = await read(probe, init, path);
    if (content !== null) return { path, base64: content ?? null };
  }
  return { path: `${SYSTEM}/policy.json`, base64: null };
}

/** Every text under keyPath, keyPaths, keyData or keyDatas, wherever it stands. None where it is no JSON. */
function keysNamedIn(policy: string | null): string[] {
  const names: string[] = [];
  try {
    JSON.parse(Buffer.from(policy ?? '', 'base64').toString('utf8'), (key, value: unknown) => {
      if (/^key(Path|Data)s?$/.test(key)) names.push(...[value].flat().filter((name) => typeof name === 'string'));
      return value;
    });
  } catch {
    return [];
  }
  return names;
}

async function readKeys(probe: Probe, init: InitProcess, names: readonly string[]): Promise<Trust['keys']> {
  const keys: Trust['keys'] = {};
  for (const name of [...new Set(names)].slice(0, MOST_KEYS)) {
    const path = name.startsWith('/');
    keys[name] = path && name.length < 4096 ? ((await read(probe, init, name)) ?? null) : path ? null : name;
  }
  return keys;
}

/** undefined when one of the files cannot be read: no client works then. */
async function readRegistriesD(probe: Probe, init: InitProcess): Promise<RegistriesFile[] | undefined> {
  for (const folder of [`${USER}/registries.d`, `${SYSTEM}/registries.d`]) {
    const names = await listed(probe, init, folder);
    if (names === null) continue;
    const wanted = names?.filter((name) => name.endsWith('.yaml'));
    if (!wanted || wanted.length > MOST_REGISTRY_FILES) return undefined;
    const files: RegistriesFile[] = [];
    for (const name of wanted) {
      const content = await read(probe, init, `${folder}/${name}`);
      if (typeof content !== 'string') return undefined;
      files.push(Buffer.from(content, 'base64').toString('utf8'));
    }
    return files;
  }
  return [];
}

async function listed(probe: Probe, init: InitProcess, folder: string): Promise<string[] | null | undefined> {
  try {
    return await probe.list(init, folder);
  } catch (error) {
    if (error instanceof ObservationError && UNUSABLE.has(error.code)) return undefined;
    throw error;
  }
}

/** signature-1, signature-2 and so on until one is missing, as a client reads them. */
async function readSignatures(probe: Probe, init: InitProcess, url: string) {
  const signatures: { source: string; base64: string }[] = [];
  for (let index = 1; index <= MOST_SIGNATURES; index++) {
    const source = `${url.replace(/@sha256:/, '@sha256=')}/signature-${index}`;
    const content = await fetchFrom(probe, init, source);
    if (typeof content !== 'string') break;
    signatures.push({ source, base64: content });
  }
  return signatures;
}

async function fetchFrom(probe: Probe, init: InitProcess, source: string): Promise<string | null | undefined> {
  const url = URL.parse(source);
  if (url?.protocol === 'file:' && url.host === '') return read(probe, init, decodeURIComponent(url.pathname));
  if (url?.protocol !== 'http:' || !['localhost', '127.0.0.1'].includes(url.hostname)) return undefined;
  const answer = await probe.request(init, { port: Number(url.port || 80), path: url.pathname, findMs: 0 });
  return answer.status === 200 && !answer.truncated ? (answer.body ?? '') : undefined;
}
