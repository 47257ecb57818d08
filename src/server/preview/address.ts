/** Where previews are for a browser that visits the site by a certain name; null where none is possible. */

/** A scheme and what follows the label: previews are at `${scheme}://<label>.${rest}`. */
export interface PreviewPlace {
  readonly scheme: 'http' | 'https';
  readonly rest: string;
}

/**
 * On one's own machine browsers take every *.localhost for it, with no name server asked. Elsewhere a domain is needed whose
 * every name leads here: an address cannot have names below it.
 *
 * @param host the Host header, known to be ours
 */
export function previewPlace(host: string, secure: boolean, domain: string | undefined): PreviewPlace | null {
  const port = /:\d+$/.exec(host)?.[0] ?? '';
  const name = host.slice(0, host.length - port.length).toLowerCase();
  const scheme = secure ? 'https' : 'http';
  if (['localhost', '127.0.0.1', '[::1]'].includes(name)) return { scheme, rest: `localhost${port}` };
  return domain ? { scheme, rest: domain + port } : null;
}

/** The only thing a page of the site may show in a frame. */
export const frameSource = ({ scheme, rest }: PreviewPlace): string => `${scheme}://*.${rest}`;
