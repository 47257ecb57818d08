/** The one process: HTTP and WebSocket on one port, sandboxes behind. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server as HttpServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import type { Logger } from 'pino';
import { loadCatalogue } from '../exercise/catalogue.ts';
import { openTrials } from '../exercise/trials.ts';
import { openDoorway } from '../inspector/doorway.ts';
import { openProbe } from '../inspector/probe.ts';
import { openWorkspace } from '../inspector/workspace.ts';
import { openReceiptKey } from '../receipt/key.ts';
import { LEARNER, sandboxOptions } from '../sandbox/options.ts';
import { PodmanEngine } from '../sandbox/podman/engine.ts';
import { Pool } from '../sandbox/pool.ts';
import { sandboxImage } from '../setup/images.ts';
import { delegatesCgroups } from '../setup/limits.ts';
import { checkout, instancePaths, statePaths } from '../setup/paths.ts';
import type { Settings } from '../setup/settings.ts';
import { UserError } from '../setup/user-error.ts';
import { openStoreAt } from '../store/open.ts';
import { StoreUnusable } from '../store/store.ts';
import { openOidc } from './accounts/oidc.ts';
import { openPasswords } from './accounts/password.ts';
import { createApp } from './app.ts';
import { resumeSubmissions } from './classroom/assignment-submit.ts';
import { Workshops } from './classroom/workshops.ts';
import { Gateway } from './gateway.ts';
import { openLti } from './lti/lti.ts';
import { originRules } from './origin.ts';
import { openPreview } from './preview/proxy.ts';
import { Recordings } from './recordings.ts';
import { Rooms } from './rooms.ts';

export interface RunningServer {
  readonly url: string;
  /** The token of a new link for the owner, as long as there is none. */
  firstOwner(): Promise<string | undefined>;
  /** Ends serving. Sandboxes stay and are found again. */
  close(): Promise<void>;
}

/** @throws UserError when the port or the database cannot be had */
export async function startServer(settings: Settings, log: Logger): Promise<RunningServer> {
  const paths = instancePaths(settings.state, settings.instance);
  mkdirSync(paths.folder, { recursive: true, mode: 0o700 });
  // What may be wrong in a file comes first, before anything runs that would have to be ended.
  const catalogue = await loadCatalogue(checkout);
  const receiptKey = await openReceiptKey(paths.folder);
  const store = await openStoreAt({ url: settings.databaseUrl, file: paths.database, log }).catch((error) => {
    throw error instanceof StoreUnusable ? new UserError('store', error.message) : error;
  });
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
  const instanceSecret = secret(paths.folder);
  const rooms = await Rooms.open({
    engine,
    pool,
    catalogue,
    grading: { probe, store, trials: openTrials(engine, options), cgroupLimits },
    root: checkout,
    secret: instanceSecret,
    idleMs: settings.idleMinutes * 60_000,
    lifetimeMs: settings.lifetimeMinutes * 60_000,
    extensionMs: settings.extensionMinutes * 60_000,
    admit: (learnerId, lab) => workshops.admit(learnerId, lab),
    log,
  });
  const lti = openLti({ store, rooms, catalogue, folder: paths.folder, log });
  const workshops: Workshops = await Workshops.open({ store, rooms, pool, catalogue, log });
  const recordings = await Recordings.open({ store, folder: paths.recordings, log });
  const origins = originRules(settings.hostnames);
  const doorway = openDoorway(binary);
  const { previewDomain } = settings;
  const preview = openPreview({ rooms, doorway, secret: instanceSecret, domain: previewDomain, log });
  const app = createApp({
    catalogue,
    rooms,
    workshops,
    places: settings.sandboxLimit,
    store,
    recordings,
    workspace: openWorkspace(binary, LEARNER),
    origins,
    preview,
    previewDomain,
    site: join(checkout, 'dist'),
    root: checkout,
    solutions: settings.solutions,
    receiptKey,
    passwords: openPasswords(),
    oidc: openOidc(settings),
    lti,
    log,
  });
  const resumed = resumeSubmissions({ catalogue, rooms, store, log });
  const gateway = new Gateway({ catalogue, rooms, workshops, store, origins, log });

  const close = async () => {
    try {
      gateway.close();
      workshops.close();
      await lti.close();
      doorway.close();
      await rooms.dispose();
      await resumed;
      await recordings.close();
    } finally {
      await engine.close();
      await store.close();
    }
  };
  try {
    // Apart from here on: what has a preview's name never reaches the site, its interface or its terminals.
    const site = getRequestListener(app.fetch);
    const http = await listen((request, response) => {
      const answer = preview.isFor(request) ? preview.handle(request, response) : site(request, response);
      Promise.resolve(answer).catch((error) => {
        log.error({ err: error }, 'request failed');
        response.destroy();
      });
    }, settings);
    http.on('upgrade', (request, socket, head) => {
      const door = preview.isFor(request) ? preview : gateway;
      door.upgrade(request, socket, head).catch((error) => {
        log.error({ err: error }, 'upgrade failed');
        socket.destroy();
      });
    });
    const { port } = http.address() as AddressInfo;
    const host = settings.address.includes(':') ? `[${settings.address}]` : settings.address;
    return {
      url: `http://${host}:${port}`,
      firstOwner: () => store.makeOwnerLink(true),
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

function listen(listener: RequestListener, { address, port }: Settings): Promise<HttpServer> {
  return new Promise((resolve, reject) => {
    const http = createServer(listener);
    http.on('error', (error: NodeJS.ErrnoException) => {
      const reason =
        error.code === 'EADDRINUSE' ? 'is in use by another program; end that one, or set TORIDE_PORT' : error.message;
      reject(new UserError('listen', `${address}:${port} ${reason}`));
    });
    http.listen(port, address, () => resolve(http));
  });
}

/** Made once for an instance: drawn values stay the same over restarts, and nobody can compute them. */
function secret(folder: string): string {
  const file = join(folder, 'secret');
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' });
  return readFileSync(file, 'utf8');
}
