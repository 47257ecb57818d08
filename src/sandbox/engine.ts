/**
 * What starts sandboxes. One machine has Podman (podman/); an orchestrator can stand behind the same interface, since
 * nothing outside this folder knows which it is. Every engine passes test/integration/engine-conformance.ts.
 */
import type { SandboxOptions } from './options.ts';

/** Only ever moves forward. */
export type SandboxState = 'starting' | 'ready' | 'closing' | 'done';

/** Survives a restart of the server: all that is needed to find a sandbox again. */
export interface SandboxHandle {
  readonly engine: string;
  readonly id: string;
}

export interface ExecOptions {
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly workingDirectory?: string;
  /** root: the sandbox's own uid 0. It can change what belongs to it and is not read-only; its uid alone is no capability. */
  readonly as?: 'learner' | 'root';
  /** The one that root holds. SYS_ADMIN: to prepare a sandbox that nobody has been in. NET_ADMIN: see ADMINISTRATOR. */
  readonly capability?: 'SYS_ADMIN' | 'NET_ADMIN';
}

export interface ExecResult {
  /** 128 + n after signal n. */
  readonly exitCode: number;
  readonly timedOut: boolean;
  /** The first 64 KiB of each. */
  readonly stdout: string;
  readonly stderr: string;
}

/** A pseudo-terminal whose far end runs in the sandbox. */
export interface Pty {
  onData(listener: (data: Buffer) => void): void;
  onExit(listener: (exitCode: number) => void): void;
  write(data: string): void;
  resize(columns: number, rows: number): void;
  /** The kernel's own flow control: a paused pty blocks the program that writes. */
  pause(): void;
  resume(): void;
  kill(): void;
}

export interface Sandbox {
  readonly handle: SandboxHandle;
  readonly state: SandboxState;
  readonly createdAt: Date;
  /** When it ends by itself, whatever the server does. */
  readonly expiresAt: Date;
  /** Its first process, in the inspector's pid namespace, with its start time in clock ticks since boot. */
  readonly init: { readonly pid: number; readonly startTime: number };
  openPty(options: ExecOptions & { columns: number; rows: number }): Pty;
  /** Runs a command to its end. `input` goes to its standard input. @throws SandboxFault when it cannot be started */
  run(options: ExecOptions & { input?: Buffer; timeoutMs: number }): Promise<ExecResult>;
  /** Ends everything in it and removes what it stored. Asking twice is no error. */
  stop(): Promise<void>;
}

export interface Engine {
  readonly name: string;
  /** @throws SandboxRefused when a limit forbids it, SandboxFault when it fails */
  start(options: SandboxOptions): Promise<Sandbox>;
  /** Sandboxes of this instance that run now, whoever started them; none that was made for a trial. */
  list(): Promise<Sandbox[]>;
  /** Tells of each sandbox that ended, however it ended. @returns a function that ends the watch */
  watch(listener: (handle: SandboxHandle) => void): () => void;
  /** Removes what earlier runs left behind: containers that ended, that never began, or that a lost trial was in. */
  sweep(): Promise<void>;
  /** Lets go of connections and helpers; sandboxes go on. */
  close(): Promise<void>;
}

/** The engine did what it should and said no: full, or an option that is not allowed. */
export class SandboxRefused extends Error {}
/** The engine failed. The message is for the log. */
export class SandboxFault extends Error {}
