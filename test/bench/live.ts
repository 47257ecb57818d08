/** From a change in the sandbox to the page that shows it, and what watching costs while nothing changes. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { liveFrameSchema } from '../../src/protocol/live.ts';
import { withServers } from './child.ts';
import { type Client, type Learner, newLearner } from './client.ts';
import { type Measurement, measurement } from './report.ts';
import { summarise, time } from './statistics.ts';

const ROUNDS = 6;
/** "Soon": half of the time in less than this. */
const LIMIT_MS = 2000;
const ANSWER_LIMIT_MS = 30_000;
const REST_MS = 10_000;
const TICKS_PER_SECOND = 100;

export const live = (): Promise<Measurement[]> =>
  withServers(async (toride) => {
    const learner = await newLearner(toride);
    const { client } = await learner.open('1');
    const unwatched = await cpuAtRest(toride.pid);
    const ear = await listen(toride.url, learner.cookie);
    const watched = await cpuAtRest(toride.pid);
    const { byItself, asked } = await changes(client, ear, learner);
    ear.close();
    client.close();
    await learner.leave();
    return [
      measurement({
        name: 'change to shown',
        unit: 'ms',
        toride: summarise(byItself),
        baseline: { name: 'the check asked for at that very moment', ...summarise(asked) },
        limit: LIMIT_MS,
      }),
      measurement({
        name: 'CPU in 10 s, a lab that is watched and at rest',
        unit: 'ms',
        toride: summarise([watched]),
        baseline: { name: 'the same server, nobody watches', ...summarise([unwatched]) },
      }),
    ];
  });

/** A service is started and ended again and again: each is seen by itself, and asked about in the next round. */
async function changes(client: Client, ear: Ear, learner: Learner) {
  const byItself: number[] = [];
  const asked: number[] = [];
  await run(client, 'echo "$TORIDE_TOKEN" > lab/site/index.html');
  const serve = 'podman run -d --name web -p "$TORIDE_PORT:80" -v ~/lab/site:/usr/share/nginx/html:ro localhost/nginx';
  for (let round = 0; round < ROUNDS; round++) {
    for (const command of [serve, 'podman rm -f -t 0 web']) {
      const heard = ear.next();
      await run(client, command);
      byItself.push(await time(() => heard));
      asked.push(await time(() => learner.check()));
    }
  }
  return { byItself, asked };
}

async function run(client: Client, command: string): Promise<void> {
  client.type(`${command}; echo do""ne\r`);
  await client.until(/^done\r?$/m);
}

interface Ear {
  /** Resolves with the next attempt. */
  next(): Promise<void>;
  close(): void;
}

async function listen(url: string, cookie: string): Promise<Ear> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws/lab?lab=read-only&language=en`, {
    headers: { cookie, origin: url },
  });
  let heard: (() => void) | undefined;
  socket.on('message', (data) => {
    const frame = liveFrameSchema.parse(JSON.parse(String(data)));
    if (frame.type === 'attempt' && frame.attempt?.trigger === 'automatic') heard?.();
  });
  await new Promise((resolve, reject) => {
    socket.on('open', resolve);
    socket.on('error', reject);
  });
  return {
    next: () =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error('the page heard of no attempt')), ANSWER_LIMIT_MS);
        heard = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
    close: () => socket.close(),
  };
}

/** Milliseconds of CPU that a process and its ended children use in REST_MS. */
async function cpuAtRest(pid: number): Promise<number> {
  await sleep(1000);
  const before = cpu(pid);
  await sleep(REST_MS);
  return cpu(pid) - before;
}

function cpu(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // utime, stime, cutime, cstime: fields 14 to 17 of proc(5).
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return (ticks * 1000) / TICKS_PER_SECOND;
}
