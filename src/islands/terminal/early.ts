/**
 * Opens the first terminal's socket while xterm.js is still being fetched and compiled: the sandbox is made ready in
 * that time. The terminal takes the socket over as if it had opened it. The size is a guess from the font's own
 * proportions; where it is wrong, the first fit corrects it.
 */
import { recall } from '../storage.ts';
import { terminalAddress, terminalNames, terminalsKey } from './address.ts';

interface Early {
  lab: string;
  terminal: string;
  socket: WebSocket;
  messages: MessageEvent[];
  stop: AbortController;
}

declare global {
  interface Window {
    /** Two scripts cannot share a variable. */
    torideEarly?: Early | undefined;
  }
}

/** Advance and line height of JetBrains Mono at line height 1.2, as shares of the font's size. */
const CELL = { width: 0.6, height: 1.5 };
/** Padding and scroll bar round the cells, in pixels. */
const ROUND = { width: 30, height: 16 };

export function openEarly(lab: string, language: string, place: HTMLElement): void {
  const font = Number(recall('font')) || 14;
  const fit = (pixels: number, round: number, cell: number) =>
    Math.max(Math.floor((pixels - round) / (cell * font)), 2);
  // Not visible on a narrow page: the size is then set when it is first looked at.
  const hidden = place.offsetWidth === 0;
  const columns = hidden ? 80 : Math.min(fit(place.offsetWidth, ROUND.width, CELL.width), 500);
  const rows = hidden ? 24 : Math.min(fit(place.offsetHeight, ROUND.height, CELL.height), 300);
  const [terminal = '1'] = terminalNames(recall(terminalsKey(lab)));
  const socket = new WebSocket(terminalAddress({ lab, terminal, columns, rows, language }));
  socket.binaryType = 'arraybuffer';
  const early: Early = { lab, terminal, socket, messages: [], stop: new AbortController() };
  socket.addEventListener('message', (message) => early.messages.push(message), { signal: early.stop.signal });
  window.torideEarly = early;
}

/** @returns the waiting socket, once, if it is this terminal's and still of use. */
export function takeEarly(lab: string, terminal: string): WebSocket | undefined {
  const early = window.torideEarly;
  if (early?.lab !== lab || early.terminal !== terminal) return undefined;
  window.torideEarly = undefined;
  const { socket, messages, stop } = early;
  if (socket.readyState > WebSocket.OPEN) return undefined;
  // The new owner sets its handlers first; until then messages are still collected.
  queueMicrotask(() => {
    stop.abort();
    for (const message of messages) socket.onmessage?.(message);
  });
  return socket;
}
