/** Podman's API service as a child process on a socket of our own: started when needed, started again when it dies. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Docker from 'dockerode';
import type { Logger } from 'pino';
import { podmanEnvironment } from '../../setup/podman.ts';
import { SandboxFault } from '../engine.ts';

const START_LIMIT_MS = 30_000;

export class PodmanService {
  readonly docker: Docker;
  readonly #socket: string;
  readonly #state: string;
  readonly #log: Logger;
  #child: ChildProcess | undefined;
  #closing = false;

  constructor(state: string, socket: string, log: Logger) {
    this.#state = state;
    this.#socket = socket;
    this.#log = log;
    this.docker = new Docker({ socketPath: socket });
  }

  /** Resolves when the service answers. @throws SandboxFault when it does not within thirty seconds */
  async start(): Promise<void> {
    mkdirSync(dirname(this.#socket), { recursive: true, mode: 0o700 });
    this.#spawn();
    const end = Date.now() + START_LIMIT_MS;
    while (Date.now() < end) {
      if (
        existsSync(this.#socket) &&
        (await this.docker.ping().then(
          () => true,
          () => false,
        ))
      )
        return;
      await sleep(15);
    }
    throw new SandboxFault(`podman system service did not answer on ${this.#socket} within ${START_LIMIT_MS} ms`);
  }

  #spawn(): void {
    rmSync(this.#socket, { force: true });
    const output = openSync(`${this.#socket}.log`, 'a', 0o600);
    // Detached: Ctrl-C in the operator's terminal must not take it from under the server's own clean end.
    // A server that dies takes it along: nobody else would ever end it.
    const words = ['--pdeathsig=TERM', 'podman', 'system', 'service', '--time=0', `unix://${this.#socket}`];
    const child = spawn('setpriv', words, {
      env: podmanEnvironment(this.#state),
      stdio: ['ignore', output, output],
      detached: true,
      cwd: '/',
    });
    this.#child = child;
    child.on('error', (error) => this.#log.error({ err: error }, 'podman could not be started'));
    child.on('exit', (code, signal) => {
      if (this.#closing) return;
      this.#log.warn({ code, signal }, 'podman service ended; starting it again');
      setTimeout(() => !this.#closing && this.#spawn(), 200);
    });
  }

  async close(): Promise<void> {
    this.#closing = true;
    const child = this.#child;
    if (child && child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await Promise.race([ended, sleep(2000).then(() => child.kill('SIGKILL'))]);
    }
    rmSync(this.#socket, { force: true });
  }
}
