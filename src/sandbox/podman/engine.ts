/** Rootless Podman on this machine as the engine. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import type { Logger } from 'pino';
import { z } from 'zod';
import { processStart } from '../../setup/keep.ts';
import {
  type Engine,
  type ExecOptions,
  type Sandbox,
  SandboxFault,
  type SandboxHandle,
  type SandboxState,
} from '../engine.ts';
import { LEARNER, type SandboxOptions } from '../options.ts';
import { createRequest, LABEL } from './create.ts';
import { Entrance } from './exec.ts';
import { PodmanService } from './service.ts';

const NAME = 'podman';
const limitsSchema = z.object({ processes: z.number(), openFiles: z.number() });
/** How often the first process of each sandbox is looked for in /proc: microseconds each. */
const WATCH_EVERY_MS = 500;
const READY_LIMIT_MS = 20_000;
/** Created and never started for so long: whoever created it is gone. */
const STILLBORN_AFTER_S = 60;

class PodmanSandbox implements Sandbox {
  readonly handle: SandboxHandle;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly init: { pid: number; startTime: number };
  readonly openPty: Sandbox['openPty'];
  readonly run: Sandbox['run'];
  readonly #container: Docker.Container;
  #state: SandboxState = 'ready';
  #stopping: Promise<void> | undefined;

  constructor(
    container: Docker.Container,
    info: Docker.ContainerInspectInfo,
    expiresAt: Date,
    startTime: number,
    state: string,
  ) {
    this.handle = { engine: NAME, id: info.Id };
    this.createdAt = new Date(info.Created);
    this.expiresAt = expiresAt;
    this.init = { pid: info.State.Pid, startTime };
    this.#container = container;
    const entrance = new Entrance(
      state,
      info.Id,
      limitsSchema.parse(JSON.parse(info.Config.Labels[LABEL.limits] ?? '{}')),
    );
    this.openPty = (options: ExecOptions & { columns: number; rows: number }) => entrance.openPty(options);
    this.run = (options) => entrance.run(options);
  }

  get state(): SandboxState {
    if (this.#state === 'ready' && processStart(this.init.pid) !== this.init.startTime) this.#state = 'done';
    return this.#state;
  }

  stop(): Promise<void> {
    if (this.#stopping) return this.#stopping;
    if (this.#state !== 'done') this.#state = 'closing';
    this.#stopping = remove(this.#container).finally(() => {
      this.#state = 'done';
    });
    return this.#stopping;
  }
}

/** SIGKILL at once, with its volumes. What is gone already is no error. */
async function remove(container: Docker.Container): Promise<void> {
  try {
    await container.remove({ force: true, v: true, t: 0 } as Docker.ContainerRemoveOptions);
  } catch (error) {
    const status = (error as { statusCode?: number }).statusCode;
    if (status !== 404 && status !== 409)
      throw new SandboxFault(`could not remove sandbox ${container.id}`, { cause: error });
  }
}

/**
 * Waits until the sandbox's own start script has filled the home. Reading through /proc/PID/root is safe just here: no
 * learner has been inside yet.
 */
async function filled(pid: number): Promise<void> {
  const ready = `/proc/${pid}/root${LEARNER.runtime}/.ready`;
  const end = Date.now() + READY_LIMIT_MS;
  while (!existsSync(ready)) {
    if (Date.now() > end)
      throw new SandboxFault(`the sandbox with process ${pid} was not ready within ${READY_LIMIT_MS} ms`);
    await sleep(4);
  }
}

export class PodmanEngine implements Engine {
  readonly name = NAME;
  readonly #service: PodmanService;
  readonly #state: string;
  readonly #instance: string;
  readonly #log: Logger;
  readonly #alive = new Map<string, Sandbox>();
  /** Names of containers that `start` is at work on. */
  readonly #starting = new Set<string>();

  private constructor(service: PodmanService, state: string, instance: string, log: Logger) {
    this.#service = service;
    this.#state = state;
    this.#instance = instance;
    this.#log = log;
  }

  static async open(options: { state: string; instance: string; socket: string; log: Logger }): Promise<PodmanEngine> {
    const service = new PodmanService(options.state, options.socket, options.log);
    await service.start();
    return new PodmanEngine(service, options.state, options.instance, options.log);
  }

  async start(options: SandboxOptions): Promise<Sandbox> {
    const name = `toride-${this.#instance}-${randomBytes(6).toString('hex')}`;
    const expiresAt = new Date(Date.now() + options.lifetimeMs);
    let container: Docker.Container | undefined;
    this.#starting.add(name);
    try {
      container = await this.#create(createRequest(options, name, this.#instance, expiresAt));
      await container.start();
      const sandbox = await this.#adopt(container, expiresAt);
      await filled(sandbox.init.pid);
      return sandbox;
    } catch (error) {
      if (container)
        await remove(container).catch((fault) => this.#log.error({ err: fault }, 'a half-made sandbox stays behind'));
      throw new SandboxFault(`sandbox ${name} could not be started`, { cause: error });
    } finally {
      this.#starting.delete(name);
    }
  }

  #create(request: object): Promise<Docker.Container> {
    const { docker } = this.#service;
    const dial = {
      path: '/v5.0.0/libpod/containers/create',
      method: 'POST',
      options: request,
      statusCodes: { 201: true, 400: 'bad request', 404: 'no such image', 409: 'conflict', 500: 'server error' },
    };
    return new Promise((resolve, reject) => {
      docker.modem.dial(dial, (error, body) =>
        error ? reject(error) : resolve(docker.getContainer((body as { Id: string }).Id)),
      );
    });
  }

  async #adopt(container: Docker.Container, expiresAt: Date): Promise<Sandbox> {
    const info = await container.inspect();
    const startTime = processStart(info.State.Pid);
    if (info.State.Pid <= 0 || startTime === undefined)
      throw new SandboxFault(`sandbox ${container.id} has no process`);
    const sandbox = new PodmanSandbox(container, info, expiresAt, startTime, this.#state);
    this.#alive.set(info.Id, sandbox);
    return sandbox;
  }

  async #containers(all: boolean): Promise<Docker.ContainerInfo[]> {
    return this.#service.docker.listContainers({ all, filters: { label: [`${LABEL.instance}=${this.#instance}`] } });
  }

  async list(): Promise<Sandbox[]> {
    // What was made for a trial holds another learner's program: nobody is ever put there.
    const running = (await this.#containers(false)).filter(({ Labels }) => Labels[LABEL.purpose] !== 'trial');
    const adopted = running.map(async (info) => {
      const known = this.#alive.get(info.Id);
      if (known) return known;
      const expiresAt = new Date(info.Labels[LABEL.expires] ?? 0);
      // One that ends between the listing and this look is simply not there any more.
      return this.#adopt(this.#service.docker.getContainer(info.Id), expiresAt).catch((error) => {
        this.#log.debug({ err: error }, 'a sandbox ended while it was listed');
        return undefined;
      });
    });
    return (await Promise.all(adopted)).filter((sandbox) => sandbox !== undefined);
  }

  watch(listener: (handle: SandboxHandle) => void): () => void {
    const timer = setInterval(() => {
      for (const sandbox of this.#alive.values()) {
        if (processStart(sandbox.init.pid) === sandbox.init.startTime) continue;
        this.#alive.delete(sandbox.handle.id);
        listener(sandbox.handle);
      }
    }, WATCH_EVERY_MS);
    return () => clearInterval(timer);
  }

  async sweep(): Promise<void> {
    const { docker } = this.#service;
    // Ended ones of every instance: a command that was interrupted leaves one that nobody else looks after.
    const ended = await docker.listContainers({ all: true, filters: { label: [LABEL.instance], status: ['exited'] } });
    const own = await this.#containers(true);
    const stillborn = own.filter(
      ({ State, Created }) => State === 'created' && Date.now() / 1000 - Created > STILLBORN_AFTER_S,
    );
    // Made for a trial by a server that is no more: nobody waits for it.
    const strays = own.filter(
      ({ Id, Labels, Names, State }) =>
        State === 'running' &&
        Labels[LABEL.purpose] === 'trial' &&
        !this.#alive.has(Id) &&
        !Names.some((name) => this.#starting.has(name.replace(/^\//, ''))),
    );
    for (const { Id } of [...ended, ...stillborn, ...strays]) {
      this.#log.info({ id: Id }, 'removing a sandbox that had ended');
      // One that cannot be removed must not keep the others, or the server's start.
      await remove(docker.getContainer(Id)).catch((error) => this.#log.warn({ err: error }, 'it stays behind'));
    }
  }

  async close(): Promise<void> {
    await this.#service.close();
  }
}
