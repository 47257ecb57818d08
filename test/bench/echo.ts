/** From a key to its echo, over WebSocket, without a browser's own drawing. */
import { setTimeout as sleep } from 'node:timers/promises';
import { withServers } from './child.ts';
import { type Client, newLearner, openBare } from './client.ts';
import { type Measurement, measurement } from './report.ts';
import { summarise, time } from './statistics.ts';

const KEYS_PER_LINE = 40;
/** Of which the first line warms up. */
const KEYS = 6 * KEYS_PER_LINE;
const ERASE_LINE = '\x15';

async function type(client: Client): Promise<number[]> {
  const times: number[] = [];
  for (let key = 0; key < KEYS; key++) {
    const letter = String.fromCharCode(97 + (key % 26));
    const pattern = new RegExp(letter);
    times.push(
      await time(() => {
        client.type(letter);
        return client.until(pattern);
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

export const echo = (): Promise<Measurement[]> =>
  withServers(async (toride, bare) => {
    const learner = await newLearner(toride);
    const ours = await learner.open('1');
    const other = await openBare(bare);
    const [typed, bareTyped] = [await type(ours.client), await type(other.client)];
    ours.client.close();
    other.client.close();
    await learner.leave();
    const baseline = { name: 'ws + node-pty, bash on the host', ...summarise(bareTyped) };
    return [measurement({ name: 'echo', unit: 'ms', toride: summarise(typed), baseline })];
  });
