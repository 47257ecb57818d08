/** The thread of openpgp.ts. Answers with one message and has nothing else to do. */
import { parentPort, workerData } from 'node:worker_threads';
import { config, type Key, readKeys, readMessage, verify } from 'openpgp';
import type { NamedKey, Work } from './openpgp.ts';

/** What is signed of an image is a few hundred bytes. */
const CONTENT_LIMIT = 64 * 1024;
config.maxDecompressedMessageSize = CONTENT_LIMIT;
const armour = /-----BEGIN PGP PUBLIC KEY BLOCK-----.*?-----END PGP PUBLIC KEY BLOCK-----/gs;

/** The keys of a ring that are valid today; what is no ring has none. */
async function ring({ key }: NamedKey): Promise<Key[]> {
  const bytes = Buffer.from(key, 'base64');
  const blocks = bytes.toString('latin1').match(armour);
  const read = blocks
    ? await Promise.allSettled(blocks.map((armoredKeys) => readKeys({ armoredKeys })))
    : await Promise.allSettled([readKeys({ binaryKeys: bytes })]);
  const keys = read.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
  const valid = await Promise.allSettled(keys.map((one) => one.verifyPrimaryKey()));
  return keys.filter((_, index) => valid[index]?.status === 'fulfilled');
}

/** Exactly one signature, as clients want it; what it signs is what the library says, not what the message holds. */
async function contentOf(message: string, verificationKeys: Key[]): Promise<string | undefined> {
  try {
    const { data, signatures } = await verify({
      message: await readMessage({ binaryMessage: Buffer.from(message, 'base64') }),
      verificationKeys,
      format: 'binary',
    });
    if (signatures.length !== 1) return undefined;
    await signatures[0]!.verified;
    const content = Buffer.from(data as Uint8Array);
    return content.length > CONTENT_LIMIT ? undefined : content.toString('base64');
  } catch {
    return undefined;
  }
}

const { keys, messages } = workerData as Work;
const rings = await Promise.all(keys.map(async (named) => ({ name: named.name, ring: await ring(named) })));
const results: Record<string, string>[] = [];
for (const message of messages) {
  const contents: Record<string, string> = {};
  for (const { name, ring } of rings) {
    const content = ring.length > 0 ? await contentOf(message, ring) : undefined;
    if (content !== undefined) contents[name] = content;
  }
  results.push(contents);
}
parentPort?.postMessage(results);
