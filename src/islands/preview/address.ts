/** What is typed into the preview's bar, as an address. Pure. */

/**
 * @param origin with {port} in it
 * @returns null where the port is none. Always an address of that origin, whatever the path says.
 */
export function previewAddress(origin: string | null, port: string, path: string): string | null {
  const number = port.trim();
  if (!origin || !/^[1-9]\d{0,4}$/.test(number) || Number(number) > 65535) return null;
  // A path of its own: '//evil.example' and '\\evil.example' would name another host.
  const own = `/${path.trim().replace(/^[/\\]+/, '')}`;
  const site = new URL(origin.replace('{port}', number));
  const address = new URL(own, site);
  return address.origin === site.origin ? address.href : null;
}
