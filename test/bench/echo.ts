/** From a key to its echo, over WebSocket, without a browser's own drawing. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, newLearner, openBare } from './client.ts';
import { startBoth } from './prompt.ts';
import { type Measurement, measurement } from './report.ts';
import { summarise, time } from './statistics.ts';

const KEYS = 240;
const KEYS_PER_LINE = 40;
const ERASE_LINE = '\x15';

async function type(client: Client): Promise<number[]> {
  const times: number[] = [];
  for (let key = 0; key < KEYS; key++) {
    const letter = String.fromCharCode(97 + (key % 26));
    times.push(
      await time(async () => {
        client.type(letter);
        await client.until(new RegExp(letter));
      }),
    );
    // A person's keys come one by one: each finds everything at rest.
    await sleep(4);
    if (key % KEYS_PER_LINE === KEYS_PER_LINE - 1) {
      client.type(ERASE_LINE);
      await sleep(30);
    }
  }
  return times.slice(KEYS_PER_LINE);
}

export async function echo(): Promise<Measurement[]> {
  const [toride, bare] = await startBoth();
  try {
    const learner = await newLearner(toride);
    const ours = await learner.open('1');
    const other = await openBare(bare);
    const [typed, bareTyped] = [await type(ours.client), await type(other.client)];
    ours.client.close();
    other.client.close();
    await learner.leave();
    return [
      measurement({
        name: 'echo',
        unit: 'ms',
        toride: summarise(typed),
        baseline: { name: 'ws + node-pty, bash on the host', ...summarise(bareTyped) },
      }),
    ];
  } finally {
    await Promise.all([toride.stop(), bare.stop()]);
  }
}
