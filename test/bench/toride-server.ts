/** The real server, as a child of the bench. */
import { mkdirSync } from 'node:fs';
import { pino } from 'pino';
import { startServer } from '../../src/server/server.ts';
import { instancePaths } from '../../src/setup/paths.ts';
import { settings } from './bench.ts';
import { serveParent } from './child.ts';

/** Warm sandboxes; no more on demand, so that a run knows when all are there. */
const POOL = 2;

mkdirSync(instancePaths(settings.state, settings.instance).folder, { recursive: true, mode: 0o700 });
const log = pino({ level: 'warn' }, pino.destination(2));
const server = await startServer(
  { ...settings, port: 0, pool: POOL, poolLimit: POOL, sandboxLimit: 12, logLevel: 'warn' },
  log,
);
serveParent(server.url, () => server.close());
