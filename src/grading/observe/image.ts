/** What a container was made from: its own files, the layers below, the image's configuration. */
import type { Facts, ImageConfig, ServingImage, Tree } from '../../inspector/snapshot.ts';
import { CannotVerify, type Evidence } from '../check.ts';

export type Program = Tree['programs'][number];
type Seen = Facts<'servingImage'>;

/** @throws CannotVerify when the container that answered was not looked at, or holds more than can be read */
export function servingImage({ servingImage: seen }: Seen): ServingImage {
  if (!seen) throw new CannotVerify('the files of the container that answered were not looked at');
  const incomplete = [seen.root, ...seen.layers].find(({ truncated, unreadable }) => truncated || unreadable > 0);
  if (incomplete) throw new CannotVerify(`${incomplete.path} holds more than could be read`);
  return seen;
}

/** Each place with its files and its name in evidence: the container's own view first, then the layers from the top. */
export function places(seen: ServingImage): { name: string; tree: Tree }[] {
  const layers = seen.layers.map((tree, index) => ({ name: `layer ${seen.layers.length - index} of the image`, tree }));
  return [{ name: 'the files of the container', tree: seen.root }, ...layers];
}

/** The image's configuration, or the statement that there is none. */
export function imageConfig(seen: ServingImage): ImageConfig | { absent: Evidence } {
  if (seen.image) return seen.image;
  const actual = seen.reason ?? 'none found';
  return { absent: { source: 'the image of the container that answered', expected: 'an image in your store', actual } };
}

/** Where the secret with this index lies, in words; none when it is nowhere. */
function leaks(seen: ServingImage, needle: number): string[] {
  const files = places(seen).flatMap(({ name, tree }) =>
    tree.found.filter((hit) => hit.needle === needle).map(({ path, in: where }) => `${name}: ${path} (${where})`),
  );
  return [...seen.found.filter((hit) => hit.needle === needle).map(({ place }) => place), ...files];
}

/** The statement that the secret with this index is nowhere, or one for each place where it lies. */
export function nowhere(seen: ServingImage, needle: number, name: string): [boolean, Evidence][] {
  const config = imageConfig(seen);
  // What cannot be searched is not clean.
  if ('absent' in config) return [[false, config.absent]];
  const places = leaks(seen, needle);
  const evidence = { source: `search for your ${name}`, expected: 'found nowhere' };
  if (places.length === 0) return [[true, { ...evidence, actual: 'found nowhere' }]];
  return places.map((actual) => [false, { ...evidence, actual }]);
}

export const setsId = ({ mode }: Program): boolean => (Number.parseInt(mode, 8) & 0o6000) !== 0;

/** May somebody other than its owner change it? */
export const othersWrite = ({ mode }: Program): boolean => (Number.parseInt(mode, 8) & 0o022) !== 0;

/**
 * Something that could be started: no library or its loader, which may be marked executable too, and not one of the empty
 * files at which Podman mounts its own.
 */
export const isTool = ({ path, size }: Program): boolean => size > 0 && !/\.so(\.\d+)*$/.test(path);
