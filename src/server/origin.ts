/**
 * Is a request for us, and from our own pages? The Host check keeps out names that were made to point at this machine (DNS
 * rebinding); the Origin check keeps out other sites' pages, for WebSockets too, which no same-origin policy guards.
 */
const LOCAL = ['localhost', '127.0.0.1', '[::1]'];

export interface OriginRules {
  /** True when the Host header names this server. */
  host(host: string | undefined): host is string;
  /** True when the Origin header is that of the site the Host header names. */
  origin(origin: string | undefined, host: string | undefined): boolean;
}

/** @param hostnames names besides localhost by which browsers reach the server, without a port */
export function originRules(hostnames: readonly string[]): OriginRules {
  const known = new Set([...LOCAL, ...hostnames.map((name) => name.toLowerCase())]);
  const host = (value: string | undefined): value is string => {
    const name = /^(\[[0-9a-f:]+\]|[a-z0-9.-]+)(:\d{1,5})?$/i.exec(value ?? '')?.[1];
    return name !== undefined && known.has(name.toLowerCase());
  };
  return {
    host,
    origin: (origin, ownHost) => host(ownHost) && (origin === `http://${ownHost}` || origin === `https://${ownHost}`),
  };
}
