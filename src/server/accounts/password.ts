/**
 * Passwords: Argon2id of Node's own crypto, off the event loop, in the usual text form, so that each hash says by which
 * parameters it was made and they can be raised later.
 */
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

export interface Cost {
  /** KiB. */
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

/** OWASP's least for Argon2id: about 90 ms of one core. */
const COST: Cost = { memory: 19_456, passes: 2, parallelism: 1 };
/** What a restored or altered database may ask for, at most. */
const MOST: Cost = { memory: 1_048_576, passes: 16, parallelism: 16 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** At the same time, and waiting: each takes its memory, and a thread that others need too. */
const AT_ONCE = 2;
const WAITING = 40;

const derive = promisify(argon2);

/** So many try to sign in at once that this one is not even looked at. */
export class TooBusy extends Error {}

export interface Passwords {
  /** @throws TooBusy */
  hash(password: string): Promise<string>;
  /**
   * Always computes a hash, also where there is none to compare with: an unknown login takes as long as a wrong password.
   *
   * @returns rehash: made by other parameters than today's, so to be made again
   * @throws TooBusy
   */
  verify(password: string, hash: string | null): Promise<{ right: boolean; rehash: boolean }>;
  /** How many hashes were computed. */
  readonly computed: number;
}

const text = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '');

function parse(hash: string): { cost: Cost; salt: Buffer; wanted: Buffer } {
  const parts = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(hash);
  if (!parts) throw new Error('a password hash in the database is in no form that this version knows');
  const [, memory, passes, parallelism, salt, wanted] = parts;
  const cost = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) };
  if (cost.memory > MOST.memory || cost.passes > MOST.passes || cost.parallelism > MOST.parallelism)
    throw new Error('a password hash in the database asks for more than this server spends');
  return { cost, salt: Buffer.from(salt!, 'base64'), wanted: Buffer.from(wanted!, 'base64') };
}

export function openPasswords(cost: Cost = COST): Passwords {
  let computed = 0;
  let running = 0;
  const queue: (() => void)[] = [];

  async function compute(password: string, salt: Buffer, by: Cost, length: number): Promise<Buffer> {
    if (running >= AT_ONCE) {
      if (queue.length >= WAITING) throw new TooBusy();
      await new Promise<void>((resolve) => queue.push(resolve));
    } else running++;
    try {
      computed++;
      // The same password typed on another keyboard may come in another form of Unicode.
      const message = Buffer.from(password.normalize('NFKC'));
      return await derive('argon2id', { ...by, message, nonce: salt, tagLength: length });
    } finally {
      // A place goes to who waits longest, or is free again.
      const next = queue.shift();
      if (next) next();
      else running--;
    }
  }

  const formatted = ({ memory, passes, parallelism }: Cost, salt: Buffer, hash: Buffer) =>
    `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${text(salt)}$${text(hash)}`;
  /** Of no password: nobody knows what would have to be typed. */
  const decoy = formatted(cost, randomBytes(SALT_BYTES), randomBytes(HASH_BYTES));

  return {
    async hash(password) {
      const salt = randomBytes(SALT_BYTES);
      return formatted(cost, salt, await compute(password, salt, cost, HASH_BYTES));
    },
    async verify(password, hash) {
      const { cost: by, salt, wanted } = parse(hash ?? decoy);
      const right = timingSafeEqual(await compute(password, salt, by, wanted.length), wanted) && hash !== null;
      const same = by.memory === cost.memory && by.passes === cost.passes && by.parallelism === cost.parallelism;
      return { right, rehash: right && !same };
    },
    get computed() {
      return computed;
    },
  };
}
