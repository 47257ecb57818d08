/** Files that a scenario lays into its machine. They come to ~/lab/assets, and from there to where the learner may write. */
import type { Asset, Index } from './index-json.ts';
import { type Item, refused } from './report.ts';
import { atHome } from './scripts.ts';
import type { Source } from './source.ts';

const FILE_LIMIT = 8 * 1024 * 1024;
const TOTAL_LIMIT = 32 * 1024 * 1024;
const MAX_FILES = 500;
const FOLDER = 'assets/';
/** Where an ordinary user may write in a sandbox. */
const writable = ['/home/learner', '/tmp', '/var/tmp'];

export interface Assets {
  /** By path below ~/lab. */
  readonly files: ReadonlyMap<string, Buffer>;
  /** Bash lines that lay them where they belong. */
  readonly laying: readonly string[];
  readonly items: readonly Item[];
}

export function readAssets(source: Source, byHost: Index['details']['assets']): Assets {
  const files = new Map<string, Buffer>();
  const laying: string[] = [];
  const items: Item[] = [];
  for (const [host, assets] of Object.entries(byHost)) {
    if (host === 'host01') continue;
    const text = `assets of ${host} (${assets.length}): there is one sandbox, and it is host01`;
    items.push({ file: 'index.json', fate: 'left', text });
  }
  const available = source.files.filter((file) => file.startsWith(FOLDER));
  const own = Object.hasOwn(byHost, 'host01') ? (byHost.host01 ?? []) : [];
  for (const [index, asset] of own.entries()) {
    const matches = matcher(asset);
    const found = available.map((file) => file.slice(FOLDER.length)).filter((file) => matches.test(file));
    if (found.length === 0)
      items.push({ file: 'index.json', fate: 'left', text: `asset ${asset.file}: no file in assets/ is called so` });
    const place = `assets/${index + 1}`;
    for (const file of found) {
      files.set(`${place}/${baseOf(file)}`, source.read(`${FOLDER}${file}`, FILE_LIMIT));
      if (files.size > MAX_FILES) throw refused('assets', `expected at most ${MAX_FILES} files`);
    }
    const total = [...files.values()].reduce((sum, { length }) => sum + length, 0);
    if (total > TOTAL_LIMIT) throw refused('assets', `expected at most ${TOTAL_LIMIT} bytes together, found ${total}`);
    if (found.length > 0) lay(asset, place, found, laying, items);
  }
  return { files, laying, items };
}

const baseOf = (file: string) => file.split('/').at(-1)!;

/** `*` is anything in one folder, `**` also folders; few of them, so that no pattern takes long. */
function matcher({ file }: Asset): RegExp {
  if ((file.match(/\*+/g) ?? []).length > 4)
    throw refused('index.json', `asset ${JSON.stringify(file).slice(0, 120)}: expected at most four *`);
  const parts = file.replace(/^(\.\/)+/, '').split(/(\*+)/);
  const pattern = parts.map((part) => {
    if (!part.startsWith('*')) return part.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
    return part.length > 1 ? '.*' : '[^/]*';
  });
  return new RegExp(`^${pattern.join('')}$`, 's');
}

function lay(asset: Asset, place: string, found: readonly string[], laying: string[], items: Item[]): void {
  const named = `asset ${asset.file} (${found.length} ${found.length === 1 ? 'file' : 'files'})`;
  const { text: target } = atHome(asset.target.replace(/^~(?=\/|$)/, '/root'), 'index.json');
  const parts = target.split('/');
  const inside = writable.some((folder) => target === folder || target.startsWith(`${folder}/`));
  if (!inside || parts.includes('..') || !/^[\w./-]+$/.test(target)) {
    const text = `${named} for ${asset.target.slice(0, 100)}: the learner may not write there; it lies in ~/lab/${place}`;
    items.push({ file: 'index.json', fate: 'left', text });
    return;
  }
  // The target is made of letters, digits and ./-_ alone, and the mode of what its schema allows.
  laying.push(`mkdir -p -- '${target}' && cp -r -- ~/lab/${place}/. '${target}/'`);
  const names = found.map((file) => `'${target}/${baseOf(file).replaceAll("'", `'\\''`)}'`);
  if (asset.chmod) laying.push(`chmod -- '${asset.chmod}' ${names.join(' ')}`);
  const fate = target === asset.target ? 'carried' : 'changed';
  items.push({ file: 'index.json', fate, text: `${named}: to ${target}` });
}
