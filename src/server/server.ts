/** The one process: HTTP and WebSocket on one port, sandboxes behind. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import type { Logger } from 'pino';
import { loadCatalogue } from '../exercise/catalogue.ts';
import { openTrials } from '../exercise/trials.ts';
import { openProbe } from '../inspector/probe.ts';
import { openWorkspace } from '../inspector/workspace.ts';
import { LEARNER, sandboxOptions } from '../sandbox/options.ts';
import { PodmanEngine } from '../sandbox/podman/engine.ts';
import { Pool } from '../sandbox/pool.ts';
import { sandboxImage } from '../setup/images.ts';
import { delegatesCgroups } from '../setup/limits.ts';
import { checkout, instancePaths, statePaths } from '../setup/paths.ts';
import type { Settings } from '../setup/settings.ts';
import { UserError } from '../setup/user-error.ts';
import { openSqlite } from '../store/sqlite.ts';
import { openStore } from '../store/store.ts';
import { createApp } from './app.ts';
import { Gateway } from './gateway.ts';
import { originRules } from './origin.ts';
import { Rooms } from './rooms.ts';

export interface RunningServer {
  readonly url: string;
  /** Ends serving. Sandboxes stay and are found again. */
  close(): Promise<void>;
}

/** @throws UserError when the port cannot be had */
export async function startServer(settings: Settings, log: Logger): Promise<RunningServer> {
  const paths = instancePaths(settings.state, settings.instance);
  mkdirSync(paths.folder, { recursive: true, mode: 0o700 });
  // What may be wrong in a file comes first, before anything runs that would have to be ended.
  const catalogue = await loadCatalogue(checkout);
  const store = await openStore(openSqlite(paths.database));
  const engine = await PodmanEngine.open({
    state: settings.state,
    instance: settings.instance,
    socket: paths.socket,
    log,
  });
  const cgroupLimits = delegatesCgroups();
  const options = sandboxOptions(settings, sandboxImage(), cgroupLimits);
  const pool = new Pool(
    engine,
    () => options,
    { rest: settings.pool, most: settings.poolLimit, total: settings.sandboxLimit },
    log,
  );
  const { probe: binary } = statePaths(settings.state);
  const probe = openProbe(binary);
  const rooms = await Rooms.open({
    engine,
    pool,
    store,
    root: checkout,
    secret: secret(paths.folder),
    idleMs: settings.idleMinutes * 60_000,
    log,
  });
  const origins = originRules(settings.hostnames);
  const app = createApp({
    catalogue,
    rooms,
    store,
    probe,
    workspace: openWorkspace(binary, LEARNER),
    trials: openTrials(engine, options),
    origins,
    site: join(checkout, 'dist'),
    cgroupLimits,
    log,
  });
  const gateway = new Gateway({ catalogue, rooms, store, origins, log });

  const close = async () => {
    try {
      gateway.close();
      await rooms.dispose();
    } finally {
      await engine.close();
      await store.close();
    }
  };
  try {
    const http = await listen(app.fetch, settings);
    http.on('upgrade', (request, socket, head) => {
      gateway.upgrade(request, socket, head).catch((error) => {
        log.error({ err: error }, 'upgrade failed');
        socket.destroy();
      });
    });
    const { port } = http.address() as AddressInfo;
    const host = settings.address.includes(':') ? `[${settings.address}]` : settings.address;
    return {
      url: `http://${host}:${port}`,
      close: async () => {
        http.close();
        http.closeAllConnections();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function listen(fetch: Parameters<typeof serve>[0]['fetch'], settings: Settings): Promise<HttpServer> {
  return new Promise((resolve, reject) => {
    const http = serve({ fetch, hostname: settings.address, port: settings.port }, () => resolve(http)) as HttpServer;
    http.on('error', (error: NodeJS.ErrnoException) => {
      const reason =
        error.code === 'EADDRINUSE' ? 'is in use by another program; end that one, or set TORIDE_PORT' : error.message;
      reject(new UserError('listen', `${settings.address}:${settings.port} ${reason}`));
    });
  });
}

/** Made once for an instance: drawn values stay the same over restarts, and nobody can compute them. */
function secret(folder: string): string {
  const file = join(folder, 'secret');
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' });
  return readFileSync(file, 'utf8');
}
