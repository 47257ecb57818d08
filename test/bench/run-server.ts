/** Starts the real server as a child of the bench. */
import { mkdirSync } from 'node:fs';
import { pino } from 'pino';
import { startServer } from '../../src/server/server.ts';
import { instancePaths } from '../../src/setup/paths.ts';
import type { Settings } from '../../src/setup/settings.ts';
import { settings } from './bench.ts';
import { serveParent } from './child.ts';

export async function runServer(changes: Partial<Settings>): Promise<void> {
  mkdirSync(instancePaths(settings.state, settings.instance).folder, { recursive: true, mode: 0o700 });
  const log = pino({ level: 'warn' }, pino.destination(2));
  const server = await startServer({ ...settings, port: 0, logLevel: 'warn', ...changes }, log);
  serveParent(server.url, () => server.close());
}
