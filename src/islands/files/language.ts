/** Which language a file is in, by its name or first line; each is fetched when a file of it is opened. */
import { StreamLanguage } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { nameOf } from './paths.ts';

const languages: readonly [name: RegExp, firstLine: RegExp | null, load: () => Promise<Extension>][] = [
  [/\.json$/, null, async () => (await import('@codemirror/lang-json')).json()],
  [/\.ya?ml$/, null, async () => (await import('@codemirror/lang-yaml')).yaml()],
  [
    /^(Docker|Container)file(\..*)?$|\.(dockerfile|containerfile)$/i,
    null,
    async () => StreamLanguage.define((await import('@codemirror/legacy-modes/mode/dockerfile')).dockerFile),
  ],
  [
    /\.(toml|conf)$/,
    null,
    async () => StreamLanguage.define((await import('@codemirror/legacy-modes/mode/toml')).toml),
  ],
  [
    /\.(ba)?sh$|^\.(bashrc|profile|bash_.*)$/,
    /^#!.*\b(ba|da)?sh\b/,
    async () => StreamLanguage.define((await import('@codemirror/legacy-modes/mode/shell')).shell),
  ],
];

export async function languageOf(path: string, text: string): Promise<Extension> {
  const firstLine = text.slice(0, 200).split('\n', 1)[0] ?? '';
  const found = languages.find(([name, first]) => name.test(nameOf(path)) || first?.test(firstLine));
  // A text without colours is a text all the same.
  return found ? found[2]().catch(() => []) : [];
}
