/**
 * What of a request goes into the sandbox, and what of its answer comes out. Pure. Headers are flat arrays of names and
 * values as node:http has them, so that repeated ones stay as they came.
 */
import { type PreviewName, previewLabel } from './label.ts';

/** Of one connection and not of the message (RFC 9110, 7.6.1), and what node:http sets itself. */
const HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
/** About the way here: no business of the learner's program, and the label with it. */
const ABOUT_THE_WAY = /^(host|expect|forwarded|via|x-forwarded-.*|x-real-ip|cookie|origin|referer)$/;
/**
 * These reach further than the preview's own origin: Clear-Site-Data would clear the cookies of the site beside it,
 * Strict-Transport-Security and Alt-Svc are about the server that answers, which is ours.
 */
const TOO_FAR =
  /^(clear-site-data|strict-transport-security|alt-svc|public-key-pins.*|set-cookie2?|location|referrer-policy|cross-origin-resource-policy|origin-agent-cluster)$/;

function* pairs(flat: readonly string[]): Generator<[name: string, value: string]> {
  for (let i = 0; i + 1 < flat.length; i += 2) yield [flat[i] ?? '', flat[i + 1] ?? ''];
}

const valuesOf = (flat: readonly string[], wanted: string): string[] =>
  [...pairs(flat)].filter(([name]) => name.toLowerCase() === wanted).map(([, value]) => value);

/** Hop-by-hop headers: those known, and those that Connection names. */
function hopOf(flat: readonly string[]): ReadonlySet<string> {
  const named = valuesOf(flat, 'connection').flatMap((value) => value.toLowerCase().split(','));
  return new Set([...HOP, ...named.map((name) => name.trim())]);
}

/** The site's sessions, by whatever spelling of their names a browser may keep them. */
const isSession = (name: string): boolean => /^(__(host|secure)-)?toride(-lti(-flow)?)?$/i.test(name.trim());

/** @returns undefined when nothing is left */
function cookiesFor(header: string): string | undefined {
  const kept = header.split(';').filter((pair) => !isSession(pair.split('=')[0] ?? ''));
  const text = kept.join(';').trim();
  return text === '' ? undefined : text;
}

/** Bound to the preview's own host: with a Domain it would reach its neighbours. undefined: not to be set at all. */
function cookieFrom(header: string): string | undefined {
  const [pair = '', ...attributes] = header.split(';');
  if (isSession(pair.split('=')[0] ?? '')) return undefined;
  return [pair, ...attributes.filter((attribute) => !/^\s*domain\s*(=|$)/i.test(attribute))].join(';');
}

const originOf = (name: PreviewName, scheme: string, port = name.port) =>
  `${scheme}://${previewLabel(port, name.token)}.${name.rest}`;

/**
 * The program is told that it is asked as localhost:PORT: that is where it listens, development servers refuse other names,
 * and the label is a secret that belongs in nobody's log. Its own Origin is translated the same way.
 *
 * @param upgrade a WebSocket is to be opened
 */
export function requestHeaders(flat: readonly string[], name: PreviewName, upgrade: boolean): string[] {
  const hop = hopOf(flat);
  const out = ['Host', `localhost:${name.port}`];
  for (const [key, value] of pairs(flat)) {
    const low = key.toLowerCase();
    if (!hop.has(low) && !ABOUT_THE_WAY.test(low)) out.push(key, value);
  }
  const cookies = cookiesFor(valuesOf(flat, 'cookie').join('; '));
  if (cookies) out.push('Cookie', cookies);
  for (const origin of valuesOf(flat, 'origin')) out.push('Origin', inside(origin, name));
  for (const referer of valuesOf(flat, 'referer')) {
    const translated = inside(referer, name);
    if (translated !== referer) out.push('Referer', translated);
  }
  // A body of unknown length stays one.
  if (valuesOf(flat, 'transfer-encoding').length > 0) out.push('Transfer-Encoding', 'chunked');
  if (upgrade) out.push('Connection', 'Upgrade', 'Upgrade', 'websocket');
  return out;
}

function inside(address: string, name: PreviewName): string {
  for (const scheme of ['http', 'https']) {
    const own = originOf(name, scheme);
    if (address === own || address.startsWith(`${own}/`))
      return `http://localhost:${name.port}${address.slice(own.length)}`;
  }
  return address;
}

/** Where the program sends the browser, if it means itself or a neighbour on another port of the same sandbox. */
function locationFrom(value: string, name: PreviewName, scheme: string): string {
  const own = /^http:\/\/(?:localhost|127\.0\.0\.1)(?::(\d{1,5}))?(?=[/?#]|$)/i.exec(value);
  if (!own) return value;
  const port = Number(own[1] ?? 80);
  return port >= 1 && port <= 65535 ? originOf(name, scheme, port) + value.slice(own[0].length) : value;
}

/** No word of the label to anybody, no share of the origin, nothing for other sites to embed. */
const OWN = [
  ...['Referrer-Policy', 'no-referrer'],
  ...['Cross-Origin-Resource-Policy', 'same-origin'],
  ...['Origin-Agent-Cluster', '?1'],
];

export function responseHeaders(flat: readonly string[], name: PreviewName, scheme: string): string[] {
  const hop = hopOf(flat);
  const out: string[] = [];
  for (const [key, value] of pairs(flat)) {
    const low = key.toLowerCase();
    if (!hop.has(low) && !TOO_FAR.test(low)) out.push(key, value);
  }
  for (const value of valuesOf(flat, 'set-cookie')) {
    const cookie = cookieFrom(value);
    if (cookie) out.push('Set-Cookie', cookie);
  }
  for (const value of valuesOf(flat, 'location')) out.push('Location', locationFrom(value, name, scheme));
  return [...out, ...OWN];
}
