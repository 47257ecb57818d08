/**
 * A line to a port of a sandbox's own loopback device: a process of the probe's stands in the sandbox's network and carries
 * bytes. It can reach 127.0.0.1 there and nothing else, here or there.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { Duplex, type Readable, type Writable } from 'node:stream';
import { type InitProcess, initArguments } from './run-probe.ts';

/** The probe gives up after five seconds; this is for one that went wrong. */
const CONNECT_MS = 7000;
const NOTHING_LISTENS = 3;

/** nothing-listens: the port is closed. failed: the rest, for the log. */
export class DoorwayError extends Error {
  readonly code: 'nothing-listens' | 'failed';
  constructor(code: DoorwayError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

export interface Doorway {
  /** @throws DoorwayError */
  connect(init: InitProcess, port: number): Promise<Duplex>;
  /** Cuts every line. */
  close(): void;
}

type Carrier = ChildProcessByStdio<Writable, Readable, Readable>;

export function openDoorway(binary: string): Doorway {
  const carriers = new Set<Carrier>();
  return {
    async connect(init, port) {
      const carrier: Carrier = spawn(binary, ['connect', ...initArguments(init), '--port', port].map(String), {
        env: {},
        stdio: ['pipe', 'pipe', 'pipe'],
      });
      carriers.add(carrier);
      carrier.once('exit', () => carriers.delete(carrier));
      try {
        await connected(carrier);
      } catch (error) {
        carrier.kill('SIGKILL');
        throw error;
      }
      return lineOf(carrier);
    },
    close() {
      for (const carrier of carriers) carrier.kill('SIGKILL');
    },
  };
}

/**
 * Bytes both ways. Node destroys a child's standard input as soon as the child has ended, often before what it carried back
 * has been read: that it takes no more must not end the line, its last byte does.
 */
function lineOf(carrier: Carrier): Duplex {
  const { stdin, stdout } = carrier;
  const line = new Duplex({
    read: () => void stdout.resume(),
    write: (piece, _, done) => void stdin.write(piece, () => done()),
    final: (done) => void stdin.end(() => done()),
    destroy(error, done) {
      carrier.kill('SIGKILL');
      done(error);
    },
  });
  stdout.on('data', (piece) => {
    if (!line.push(piece)) stdout.pause();
  });
  stdout.once('end', () => line.push(null));
  stdout.once('error', (error) => line.destroy(error));
  return line;
}

/** Resolves when the carrier has said that there is a connection; what comes after that is the far end's. */
function connected(carrier: Carrier): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    const timer = setTimeout(() => settle(new DoorwayError('failed', 'no connection in time')), CONNECT_MS);
    const onReadable = () => {
      if (carrier.stdout.read(1) !== null) settle();
    };
    const settle = (error?: Error) => {
      clearTimeout(timer);
      carrier.stdout.off('readable', onReadable);
      if (error) reject(error);
      else resolve();
    };
    carrier.stdout.on('readable', onReadable);
    carrier.stderr.on('data', (data: Buffer) => {
      said = (said + data.toString('utf8')).slice(0, 1000);
    });
    // A carrier that ends while it is written to is told by its end.
    carrier.stdin.on('error', () => undefined);
    carrier.once('error', (error) => settle(new DoorwayError('failed', error.message)));
    carrier.once('close', (code) =>
      settle(
        new DoorwayError(code === NOTHING_LISTENS ? 'nothing-listens' : 'failed', said.trim() || `ended: ${code}`),
      ),
    );
  });
}
