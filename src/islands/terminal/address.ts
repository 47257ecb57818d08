import { layoutKey, readLayout } from './layout.ts';

export interface TerminalAddress {
  lab: string;
  terminal: string;
  /** See protocol/terminal.ts. */
  client: string;
  columns: number;
  rows: number;
  language: string;
}

export function terminalAddress({ columns, rows, ...named }: TerminalAddress): string {
  const address = new URL('/ws/terminal', location.href);
  address.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
  address.search = new URLSearchParams({ ...named, columns: String(columns), rows: String(rows) }).toString();
  return address.href;
}

/** Not crypto.randomUUID, which a page without TLS does not have. */
export const newClient = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** The terminal of the sandbox's root, in labs whose learner is its administrator too; the server refuses it elsewhere. */
export { ADMINISTRATOR_TERMINAL } from '../../protocol/terminal-limits.ts';

/** Which terminals of a lab were open last, and under which key that is remembered. */
export const terminalsKey = (lab: string) => `terminals:${lab}`;

export function terminalNames(remembered: string | null): string[] {
  const names = (remembered ?? '').split(',').filter((name) => /^[1-9]$/.test(name));
  return names.length > 0 ? names : ['1'];
}

/** The one that is seen first. @param recalled what is remembered under a key */
export function firstTerminal(lab: string, recalled: (key: string) => string | null): string {
  const names = terminalNames(recalled(terminalsKey(lab)));
  const first = readLayout(recalled(layoutKey(lab)))?.panes[0];
  return first && names.includes(first) ? first : (names[0] ?? '1');
}
