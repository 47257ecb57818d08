/** The probe's requests: what is believed of an answer, and who is found to have served it. */
import { describe, expect, test } from 'vitest';
import { type Process, requestSchema } from '../../src/inspector/snapshot.ts';
import { actor, inside, named, observe, probesLeft, snapshot } from '../helpers/probe.ts';

/** What the probe tells of a process that holds a connection. */
const holder = ({ pid, startTime, pidNsDepth, namespaces }: Process, localPort: number) => ({
  pid,
  startTime,
  pidNsDepth,
  pidns: namespaces.pid,
  mntns: namespaces.mnt,
  netns: namespaces.net,
  localPort,
});

describe('request', () => {
  const request = (init: number, port: number, ...args: string[]) =>
    requestSchema.strict().parse(observe('request', init, '--port', String(port), ...args));
  const bodyOf = (answer: { body?: string }) => Buffer.from(answer.body!, 'base64').toString('latin1');
  const behaviours = [
    'echo',
    'silent',
    'endless',
    'endless-head',
    'dribble',
    'chunked',
    'cut-chunk',
    'bad-chunk',
    'headers',
    'many-headers',
    'long-header',
    'fat-headers',
    'length-lies',
    'interim',
    'garbage',
    'nothing',
    'half',
    'closing',
  ] as const;
  const port = (behaviour: (typeof behaviours)[number]) => 8000 + behaviours.indexOf(behaviour);

  test('answers of all kinds', async () => {
    const { init } = await actor('serve', ...behaviours);
    const ask = (behaviour: (typeof behaviours)[number], ...args: string[]) => request(init, port(behaviour), ...args);

    const echo = ask('echo', '--path', '/x?y', '--host', 'a.example', '--method', 'POST');
    expect(echo).toMatchObject({ connected: true, status: 200, truncated: false, chunked: false });
    expect(bodyOf(echo)).toBe(
      'POST /x?y HTTP/1.1\r\nHost: a.example\r\nAccept: */*\r\nContent-Length: 0\r\nConnection: close\r\n\r\n',
    );
    expect(echo.elapsedMs).toBeLessThan(300);
    const headless = ask('echo', '--method', 'HEAD');
    expect(headless).toMatchObject({ status: 200, body: '', truncated: false });
    expect(Number(headless.headers!['content-length'])).toBeGreaterThan(50);

    expect(bodyOf(ask('chunked'))).toBe('hello, world');
    expect(ask('chunked')).toMatchObject({ chunked: true, truncated: false });
    expect(ask('cut-chunk')).toMatchObject({ chunked: true, truncated: true, body: btoa('hello') });
    expect(ask('bad-chunk')).toMatchObject({ chunked: true, truncated: true, body: btoa('abc') });

    const { headers } = ask('headers');
    expect(Object.entries(headers!)).toEqual([
      ['x-two', 'a, b'],
      ['content-type', 'Text/Plain'],
      ['x-odd', '"\ufffd\x01'],
    ]);
    expect(Object.keys(ask('many-headers').headers!)).toHaveLength(64);
    expect(bodyOf(ask('length-lies'))).toBe('short');
    expect(ask('interim')).toMatchObject({ status: 404, body: btoa('late') });

    const endless = ask('endless', '--max', '1000');
    expect(endless).toMatchObject({ connected: true, truncated: true });
    expect(bodyOf(endless)).toBe('z'.repeat(1000));
    const dribble = ask('dribble', '--wait-ms', '100');
    expect(dribble).toMatchObject({ status: 200, truncated: true });
    expect(bodyOf(dribble)).toMatch(/^\.{2,20}$/);

    const failure = (...args: Parameters<typeof ask>) => {
      const { connected, reason } = ask(...args);
      return connected ? 'connected' : reason;
    };
    expect(failure('endless-head')).toBe('not-http');
    expect(failure('long-header')).toBe('not-http');
    expect(failure('fat-headers')).toBe('not-http');
    expect(failure('garbage')).toBe('not-http');
    expect(failure('nothing')).toBe('closed');
    expect(failure('half')).toBe('closed');
    expect(failure('closing')).toMatch(/^(closed|reset)$/);
    expect(failure('silent', '--wait-ms', '50')).toBe('timeout');
    expect(request(init, 7999, '--wait-ms', '50')).toMatchObject({ connected: false, reason: 'timeout', servedBy: [] });
    expect(request(init, 9)).toMatchObject({ connected: false, reason: 'refused' });
  });

  test('a server of the container itself', async () => {
    const { init } = await actor('serve', 'chunked');
    const [own] = snapshot(init).processes;
    expect(request(init, 8000).servedBy).toEqual([holder(own!, 8000)]);
  });

  test('a nested server in the network of the container', async () => {
    const { init, said } = await actor('host-network');
    const answer = request(init, 8080);
    expect(answer.servedBy).toEqual([holder(inside(snapshot(init), said[0]!), 8080)]);
    expect(probesLeft()).toEqual([]);
  });

  test('the process that has the connection, not the one that has others at the same port', async () => {
    const { init } = await actor('handed-over');
    const answer = request(init, 8080);
    const handler = named(snapshot(init), 'handler');
    expect(bodyOf(answer)).toBe('body');
    expect(answer.servedBy.map(({ pid }) => pid)).toEqual([handler.pid]);
  });

  test('a nested server behind a forwarder, not the decoy that is busy meanwhile', async () => {
    const { init, said } = await actor('published');
    const answer = request(init, 8080);
    const table = snapshot(init);
    const forwarder = named(table, 'forwarder');
    const server = inside(table, said[1]!);
    expect(bodyOf(answer)).toBe('body');
    expect(inside(table, said[0]!).name).toBe('decoy');
    expect(server).toMatchObject({ name: 'server', pidNsDepth: 1 });
    expect(answer.servedBy).toEqual([holder(forwarder, 8080), holder(server, 80)]);
    expect(server.namespaces.net).not.toBe(forwarder.namespaces.net);
  });

  test('a nested server that accepts too late is not replaced by the decoy', async () => {
    const { init } = await actor('published', '0.6');
    const answer = request(init, 8080, '--wait-ms', '2000');
    expect(answer).toMatchObject({ connected: true, status: 200 });
    expect(answer.servedBy.map(({ localPort }) => localPort)).toEqual([8080]);
  });
});
