/** `npm start`. */
import { mkdirSync } from 'node:fs';
import { pino } from 'pino';
import { startServer } from '../../server/server.ts';
import { instancePaths } from '../../setup/paths.ts';
import { loadSettings } from '../../setup/settings.ts';
import { ownerLinkText } from '../owner-link-text.ts';

export async function serve(): Promise<number> {
  const settings = loadSettings();
  // The password is nothing for the programs that are started from here.
  delete process.env.DATABASE_URL;
  const paths = instancePaths(settings.state, settings.instance);
  mkdirSync(paths.folder, { recursive: true, mode: 0o700 });
  const log = pino(
    { level: settings.logLevel, redact: ['req.headers.cookie'] },
    pino.destination({ dest: paths.log, sync: false }),
  );
  const server = await startServer(settings, log);
  console.log(
    `\nToride serves on ${server.url}\n  log: ${paths.log}\n  Ctrl-C ends it; sandboxes stay for the next start ('npx toride stop' removes them).`,
  );
  const owner = await server.firstOwner();
  if (owner !== undefined) console.log(`\n${ownerLinkText(settings, owner)}`);
  const signal = await new Promise<NodeJS.Signals>((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => resolve(name));
  });
  log.info({ signal }, 'ending');
  await server.close();
  // A shell that ignores its hang-up must not keep the operator waiting.
  setTimeout(() => process.exit(0), 1000).unref();
  console.log('Toride has ended.');
  return 0;
}
