/** DATABASE_URL: what it may be, and what of it may be shown. */

/** Weaker ones than these would go on in clear text where the server has no TLS. */
const SSL_MODES = ['disable', 'no-verify', 'require', 'verify-ca', 'verify-full'];
const EXPECTED_URL = 'postgres://user:password@host:port/database';

/**
 * @returns what is wrong, in words that hold nothing of the text: any piece of it may be a piece of the password
 */
export function urlTrouble(text: string): string | undefined {
  if (!URL.canParse(text)) return `expected ${EXPECTED_URL}`;
  const url = new URL(text);
  if (!['postgres:', 'postgresql:'].includes(url.protocol)) return `expected ${EXPECTED_URL}`;
  // A / or # that was not encoded ends the password early: the rest of it would be taken for a place, and shown as one.
  if (url.hash !== '' || url.pathname.includes('@') || text.includes('\\'))
    return `expected ${EXPECTED_URL}, with special characters of the password in percent-encoding`;
  try {
    for (const part of [url.username, url.password, url.hostname, url.pathname]) decodeURIComponent(part);
  } catch {
    return 'expected every % to begin a percent-encoded character; write %25 for the character itself';
  }
  const mode = url.searchParams.get('sslmode');
  if (mode !== null && !SSL_MODES.includes(mode)) return `sslmode: expected one of ${SSL_MODES.join(', ')}`;
  if (url.pathname.length < 2) return `expected the name of a database at its end: ${EXPECTED_URL}`;
  return undefined;
}

/** Where the database is, without user, password or anything else that was said. */
export function shownPlace(text: string): string {
  const { hostname, port, pathname, searchParams } = new URL(text);
  const host = searchParams.get('host') ?? decodeURIComponent(hostname);
  return `${host || 'localhost'}${port && `:${port}`}${pathname}`;
}

/** The message of a driver or server, without the password should it ever be in one. */
export function redact(message: string, text: string): string {
  const url = new URL(text);
  const secrets = [text, url.password, decodeURIComponent(url.password), url.searchParams.get('password') ?? ''];
  return secrets.filter(Boolean).reduce((said, secret) => said.replaceAll(secret, '***'), message);
}
