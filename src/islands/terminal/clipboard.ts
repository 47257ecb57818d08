/**
 * OSC 52: a program in the terminal hands text to the clipboard. Only where the learner has allowed it; what is in the
 * clipboard is never told to a program.
 */
import type { Terminal } from '@xterm/xterm';
import { recall, remember } from '../storage.ts';

const KEY = 'programs-may-copy';
/** Base64 of a clipboard's worth; xterm.js itself takes up to ten megabytes of one sequence. */
const LIMIT = 256 * 1024;

export const programsMayCopy = (): boolean => recall(KEY) === 'on';
export const letProgramsCopy = (may: boolean): void => remember(KEY, may ? 'on' : null);

/** @returns the text to be copied; undefined for a question, for what is too long and for what is no base64 of UTF-8 */
export function textToCopy(data: string): string | undefined {
  const found = /^[cpqs0-7]*;([A-Za-z0-9+/]+={0,2})$/.exec(data.length > LIMIT ? '' : data);
  if (!found?.[1]) return undefined;
  try {
    const bytes = Uint8Array.from(atob(found[1]), (character) => character.charCodeAt(0));
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // Whatever a program writes there is its own affair.
    return undefined;
  }
}

/** @param copied told after a program has written, or could not */
export function startClipboard(terminal: Terminal, copied: (done: boolean) => void): void {
  terminal.parser.registerOscHandler(52, (data) => {
    const text = programsMayCopy() ? textToCopy(data) : undefined;
    if (text === undefined) return true;
    // Without TLS there is no clipboard.
    const written = navigator.clipboard?.writeText(text) ?? Promise.reject(new Error('no clipboard'));
    void written.then(
      () => copied(true),
      () => copied(false),
    );
    return true;
  });
}
