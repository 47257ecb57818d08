/** The owner's link, as it is printed: by whatever name the site is reached. */
import type { Settings } from '../setup/settings.ts';

export function ownerLinkText({ address, port, hostnames }: Settings, token: string, env = process.env): string {
  const language = /^ja/.test(env.LC_ALL ?? env.LANG ?? '') ? 'ja' : 'en';
  // What stands behind # stays in the browser: no log and no other server sees it.
  const path = `/${language}/instructor/welcome/#${token}`;
  const everywhere = ['0.0.0.0', '::'].includes(address);
  const host = everywhere ? 'localhost' : address.includes(':') ? `[${address}]` : address;
  const links = [`http://${host}:${port}${path}`, ...hostnames.map((name) => `https://${name}${path}`)];
  return [
    'For the owner, who invites instructors: this link can be used once, within 24 hours.',
    ...links.map((link) => `  ${link}`),
    "  A new one, also when the password is forgotten: 'npx toride owner-link'. The ones before it end then.",
  ].join('\n');
}
