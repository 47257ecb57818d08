/**
 * The first terminal's socket is opened while the page is still being read and xterm.js fetched: the sandbox is made
 * ready in that time. The terminal takes the socket over as if it had opened it; where the guessed size is wrong, the
 * first fit corrects it.
 */
import { recall } from '../storage.ts';
import { firstTerminal, newClient, terminalAddress } from './address.ts';
import { guessSize, type Size } from './guess.ts';

interface Early {
  lab: string;
  terminal: string;
  client: string;
  size: Size;
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

export function openEarly(lab: string, language: string, lessonShare: number): void {
  const size = guessSize({
    width: innerWidth,
    height: innerHeight,
    density: devicePixelRatio,
    fontSize: Number(recall('font')) || 14,
    lessonShare,
    coarse: matchMedia('(pointer: coarse)').matches,
  });
  const terminal = firstTerminal(lab, recall);
  const client = newClient();
  const socket = new WebSocket(terminalAddress({ lab, terminal, client, language, ...size }));
  socket.binaryType = 'arraybuffer';
  const early: Early = { lab, terminal, client, size, socket, messages: [], stop: new AbortController() };
  socket.addEventListener('message', (message) => early.messages.push(message), { signal: early.stop.signal });
  window.torideEarly = early;
}

/** As whom and in which size a socket was asked for in the terminal's name, while it waits. */
export function earlyAsked(lab: string, terminal: string): { client: string; size: Size } | undefined {
  const early = window.torideEarly;
  return early?.lab === lab && early.terminal === terminal ? early : undefined;
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
