/** Where a request comes from, for limits and for the audit log. */
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;

/**
 * Behind a proxy on this machine the last part of X-Forwarded-For is what the proxy saw; anyone else could write what they
 * like there. An IPv6 address counts by its first 64 bits, of which a host has all.
 */
export function clientAddress(remote: string | undefined, forwarded: string | undefined): string {
  const last = forwarded?.split(',').at(-1)?.trim() ?? '';
  const seen = LOOPBACK.test(remote ?? '') && /^[0-9a-f:.]{2,45}$/i.test(last) ? last : (remote ?? '');
  const address = seen.replace(/^::ffff:(?=\d+\.)/i, '').toLowerCase();
  return address.includes(':') && address !== '::1' ? `${leading64(address)}::/64` : address;
}

function leading64(address: string): string {
  const [before = '', after] = address.split('::');
  const head = before === '' ? [] : before.split(':');
  const tail = after === undefined || after === '' ? [] : after.split(':');
  const zeros = after === undefined ? [] : Array<string>(Math.max(0, 8 - head.length - tail.length)).fill('0');
  return [...head, ...zeros, ...tail].slice(0, 4).join(':');
}

export const addressOf = (c: Context): string =>
  clientAddress(c.env?.incoming ? getConnInfo(c).remote.address : undefined, c.req.header('x-forwarded-for'));
