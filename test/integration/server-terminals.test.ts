/** Terminals over WebSocket: what a browser that lies, floods or stalls can do to the server and to others. Nothing. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CLOSE, INPUT_LIMIT } from '../../src/protocol/terminal.ts';
import { Client, eventually, startTestServer, type TestServer } from '../helpers/server.ts';

let server: TestServer;
let ann: Client;

beforeAll(async () => {
  server = await startTestServer('terminals');
  ann = await Client.learner(server.url);
});
afterAll(() => server.dispose());

describe('frames that are not understood', () => {
  const bad: Record<string, unknown> = {
    'not JSON': 'hello',
    nothing: '',
    'an unknown type': { type: 'shutdown' },
    'a field too many': { type: 'input', sequence: 1, data: 'x', root: true },
    'input without a number': { type: 'input', data: 'x' },
    'input with a gap before it': { type: 'input', sequence: 2, data: 'x' },
    'input with a gigantic number': { type: 'input', sequence: Number.MAX_SAFE_INTEGER, data: 'x' },
    'input with a negative number': { type: 'input', sequence: -1, data: 'x' },
    'input with half a number': { type: 'input', sequence: 0.5, data: 'x' },
    'input with a number as text': { type: 'input', sequence: '1', data: 'x' },
    'no object': '[]',
    'a number as input': { type: 'input', sequence: 1, data: 7 },
    'too long an input': { type: 'input', sequence: 1, data: 'x'.repeat(INPUT_LIMIT + 1) },
    'a negative size': { type: 'resize', columns: -80, rows: 24 },
    'a gigantic size': { type: 'resize', columns: 1e6, rows: 1e6 },
    'half a column': { type: 'resize', columns: 80.5, rows: 24 },
    'a gigantic acknowledgement': { type: 'acknowledge', bytes: Number.MAX_SAFE_INTEGER },
    'a negative acknowledgement': { type: 'acknowledge', bytes: -1 },
    'a frame of the server': { type: 'exit', code: 0 },
    'binary data': Buffer.from('{"type":"input","sequence":1,"data":"x"}'),
    'deep nesting': '['.repeat(50_000),
  };

  test.each(Object.keys(bad))('%s: closed with a reason, others go on', async (name) => {
    const [liar, other] = await Promise.all([ann.terminal().ready(), ann.terminal().ready()]);
    liar.send(bad[name]);
    expect(await liar.closed).toBe(CLOSE.badFrame);
    expect(liar.frame('error')).toMatchObject({ code: 'bad-frame' });
    expect(await other.run('echo going on')).toContain('going on');
    await other.leave();
  });

  test('a frame of a megabyte ends the connection, nothing more', async () => {
    const [liar, other] = await Promise.all([ann.terminal().ready(), ann.terminal().ready()]);
    liar.send({ type: 'input', sequence: 1, data: 'x'.repeat(1024 * 1024) });
    expect(await liar.closed).toBe(1009);
    expect(await other.run('echo going on')).toContain('going on');
    await other.leave();
  });

  test('nor are they before the terminal is there', async () => {
    for (const frame of ['hello', Buffer.from('{"type":"input","sequence":1,"data":"x"}')]) {
      const early = ann.terminal();
      early.socket.on('open', () => early.send(frame));
      expect(await early.closed).toBe(CLOSE.badFrame);
    }
  });
});

describe('input that comes again', () => {
  const client = 'the-same-page';
  const typed = (sequence: number, data: string) => ({ type: 'input', sequence, data });

  test('is typed once; the next connection is told how far the last one came', async () => {
    const query = { terminal: 'again', client };
    const first = await ann.terminal(query).ready();
    expect(first.frame('ready')).toMatchObject({ accepted: 0 });
    // What is typed before the shell reads would be the terminal's, and its end of input the shell's end.
    await first.shows(/\$ $/);
    first.send(typed(1, 'cat > once\r'));
    await first.shows('once\r\n');
    first.send(typed(2, 'one '));
    first.send(typed(2, 'ONE '));
    first.send(typed(1, 'again '));
    await eventually(() => first.frames.filter(({ type }) => type === 'accepted').length).toBe(4);
    expect(first.frames.at(-1)).toEqual({ type: 'accepted', sequence: 2 });
    const second = await ann.terminal(query).ready();
    expect(second.frame('ready')).toMatchObject({ accepted: 2, shell: first.frame('ready')?.shell });
    // The page has given the first one up.
    expect(await first.closed).toBe(1006);
    second.send(typed(2, 'ONE '));
    second.send(typed(3, 'two\r\x04'));
    second.sequence = 3;
    expect(await second.run('cat once')).toMatch(/\rone two\r\n/);
    second.type('exit\r');
    await second.closed;
    const fresh = await ann.terminal(query).ready();
    expect(fresh.frame('ready')).toMatchObject({ accepted: 0 });
    expect(fresh.frame('ready')?.shell).not.toBe(first.frame('ready')?.shell);
    await fresh.leave();
  });

  test('a number is another page’s own', async () => {
    const [one, other] = await Promise.all([
      ann.terminal({ terminal: 'again' }).ready(),
      ann.terminal({ terminal: 'again' }).ready(),
    ]);
    one.send(typed(1, 'echo fi'));
    await eventually(() => one.frame('accepted')).toBeDefined();
    other.send(typed(1, 'rst\r'));
    await one.shows(/\rfirst\r\n/);
    await Promise.all([one.leave(), other.leave()]);
  });

  test('no page, no socket; a name that is none is refused', async () => {
    for (const bad of ['', 'short', 'x'.repeat(65), '../../etc/passwd', '<b>bold</b>'])
      expect(await ann.terminal({ client: bad }).upgraded).toBe(400);
  });

  test('is anybody there? Yes.', async () => {
    const terminal = await ann.terminal().ready();
    terminal.send({ type: 'ping' });
    await eventually(() => terminal.frame('pong')).toBeDefined();
    await terminal.leave();
  });
});

test('what is typed before the terminal is there is typed', async () => {
  const early = ann.terminal({ terminal: 'early' });
  early.socket.on('open', () => early.type('echo so"on"er\r'));
  await early.ready();
  await early.shows('sooner');
  await early.leave();
});

test('a long paste arrives whole', async () => {
  const terminal = await ann.terminal({ terminal: 'paste' }).ready();
  // Not before cat reads: what comes while the shell changes the terminal's mode is between the two.
  terminal.type('echo "rea""dy"; cat > big\r');
  await terminal.shows('ready');
  const piece = '砦 abcdefg\n'.repeat(1000);
  for (let pieces = 0; pieces < 15; pieces++) terminal.type(piece);
  terminal.type('\x04');
  expect(await terminal.run('wc -c < big; sort -u big')).toContain(
    `${15 * Buffer.byteLength(piece)}\r\n砦 abcdefg\r\n`,
  );
  await terminal.leave();
});

/* crun's own relay loses bytes here (1.21, containers/crun#2207): containers/probe/relay stands in for it. */
test('a flood arrives as it was, line by line', async () => {
  const terminal = await ann.terminal({ terminal: 'flood' }).ready();
  terminal.socket.on('message', (data: Buffer, binary) => {
    if (binary) terminal.send({ type: 'acknowledge', bytes: data.length });
  });
  const lines = (await terminal.run('stty -opost; echo "be""gin"; seq 1 700000')).split('\n');
  const first = lines.findLastIndex((line) => line.endsWith('begin')) + 1;
  const wrong = lines.slice(first, -1).findIndex((line, index) => line !== String(index + 1));
  await terminal.leave();
  expect(wrong === -1 ? 'none' : lines.slice(first + wrong - 1, first + wrong + 2)).toBe('none');
  expect(lines.length - first).toBe(700_001);
});

test('one learner’s sockets are limited, and only that learner’s', async () => {
  const ben = await Client.learner(server.url);
  const many = Array.from({ length: 40 }, () => ann.terminal());
  const answers = await Promise.all(many.map(({ upgraded }) => upgraded));
  expect(answers.filter((status) => status === 101)).toHaveLength(32);
  expect(answers.filter((status) => status === 429)).toHaveLength(8);
  const other = await ben.terminal().ready();
  await other.leave();
  await Promise.all(many.filter((_, index) => answers[index] === 101).map((terminal) => terminal.leave()));
  await eventually(async () => (await ann.terminal().upgraded) === 101).toBe(true);
});

test('one lab’s terminals are limited', async () => {
  const opened = await Promise.all(
    Array.from({ length: 12 }, (_, index) => {
      const terminal = ann.terminal({ terminal: `many-${index}` });
      return Promise.race([terminal.ready(), terminal.closed]);
    }),
  );
  expect(opened.filter((end) => end === CLOSE.full).length).toBeGreaterThanOrEqual(4);
  expect(opened.filter((end) => typeof end !== 'number').length).toBeGreaterThanOrEqual(1);
  for (const terminal of opened) {
    if (typeof terminal === 'number') continue;
    terminal.type('exit 3\r');
    expect(await terminal.closed).toBe(1000);
    expect(terminal.frame('exit')).toEqual({ type: 'exit', code: 3 });
  }
});

test('a viewer that does not keep up is waited for, then let go; the others then go on', {
  timeout: 60_000,
}, async () => {
  const [good, stalled] = await Promise.all([
    ann.terminal({ terminal: 'slow' }).ready(),
    ann.terminal({ terminal: 'slow' }).ready(),
  ]);
  let seen = 0;
  good.socket.on('message', (data: Buffer, binary) => {
    if (!binary) return;
    seen += data.length;
    good.send({ type: 'acknowledge', bytes: data.length });
  });
  good.type('head -c 3000000 /dev/zero | base64; echo "en""ded"\r');
  await eventually(() => seen).toBeGreaterThan(200_000);
  // The flow control holds: nothing piles up for the one that is silent.
  expect(stalled.text.length).toBeLessThan(1_000_000);
  expect(await stalled.closed).toBe(CLOSE.tooSlow);
  await good.shows('ended', 30_000);
  await good.leave();
});

test('a size set by one is told to the other, and reaches the shell', async () => {
  const [one, other] = await Promise.all([
    ann.terminal({ terminal: 'size' }).ready(),
    ann.terminal({ terminal: 'size', columns: '100', rows: '30' }).ready(),
  ]);
  other.send({ type: 'resize', columns: 101, rows: 31 });
  await eventually(() => one.frame('resized')).toEqual({ type: 'resized', columns: 101, rows: 31 });
  expect(await one.run('stty size')).toContain('31 101');
  await Promise.all([one.leave(), other.leave()]);
});

test('the server is alive', async () => {
  expect((await ann.ask('GET', '/api/health')).json).toMatchObject({ status: 'ok' });
});
