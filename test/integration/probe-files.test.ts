/** The probe's view of files: nothing that a learner lays out leads it astray. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { attributesSchema, fileSchema, treeSchema } from '../../src/inspector/snapshot.ts';
import { actor, errorOf, folder, observe, run } from '../helpers/probe.ts';

describe('read', () => {
  const read = (init: number, path: string, ...args: string[]) => observe('read', init, '--path', path, ...args);
  const refusal = (init: number, path: string, ...args: string[]) => {
    const { code, message } = errorOf('read', init, '--path', path, ...args);
    return `${code}: ${message}`;
  };
  async function prepared(name: string, kind = 'root') {
    const place = join(folder, name);
    mkdirSync(place);
    return (await actor(kind, place)).init;
  }

  test('gives a file whole, and follows links only inside the root', async () => {
    const init = await prepared('root-plain');
    const file = read(init, '/etc/plain');
    expect(fileSchema.parse(file)).toMatchObject({
      path: '/etc/plain',
      size: 8,
      mode: '0640',
      uid: process.getuid!(),
      gid: process.getgid!(),
      base64: Buffer.from('inside\x00\xff', 'latin1').toString('base64'),
    });
    expect(Math.abs(file.mtime - Date.now() / 1000)).toBeLessThan(60);
    for (const path of ['/etc/link', '/etc/absolute', '/etc/dots', '/../../etc/plain'])
      expect(read(init, path)).toEqual({ ...file, path });
    expect(read(init, '/etc/plain', '--max', '8').size).toBe(8);
  });

  test('refuses all else', async () => {
    const init = await prepared('root-odd');
    expect(refusal(init, '/etc/outside')).toBe('not-found: /etc/outside does not exist');
    expect(refusal(init, '/etc/absent')).toMatch(/^not-found: /);
    expect(refusal(init, '/etc/plain/below')).toMatch(/^not-found: /);
    expect(refusal(init, '/etc/magic')).toMatch(/^(too-many-links|not-found): /);
    expect(refusal(init, '/etc/magic-init')).toMatch(/^too-many-links: /);
    expect(refusal(init, '/etc/loop')).toMatch(/^too-many-links: /);
    expect(refusal(init, '/etc/fifo')).toBe('not-a-file: /etc/fifo is a fifo');
    expect(refusal(init, '/etc/socket')).toBe('not-a-file: /etc/socket is a socket');
    expect(refusal(init, '/etc')).toBe('not-a-file: /etc is a directory');
    expect(refusal(init, '/etc/large')).toMatch(/^too-large: .* 1099511627776 bytes/);
    expect(refusal(init, '/etc/plain', '--max', '7')).toMatch(/^too-large: /);
    expect(refusal(init, '/proc/kallsyms', '--max', '100')).toMatch(/^too-large: .* more than 100 bytes/);
    expect(refusal(init, `/${'x'.repeat(5000)}`)).toMatch(/^unreadable: /);
  });

  test('a device', async () => {
    const init = await prepared('root-device', 'device');
    expect(refusal(init, '/dev/null')).toBe('not-a-file: /dev/null is a device');
  });

  test('lists a directory', async () => {
    const init = await prepared('root-list');
    const { entries, truncated } = read(init, '/etc', '--list');
    expect(truncated).toBe(false);
    expect(Object.fromEntries(entries.map(({ name, type }: Record<string, string>) => [name, type]))).toMatchObject({
      plain: 'file',
      fifo: 'fifo',
      link: 'symlink',
      socket: 'socket',
      deep: 'directory',
    });
    expect(entries.find(({ name }: { name: string }) => name === 'plain')).toMatchObject({ size: 8, mode: '0640' });
    expect(read(init, '/etc/deep', '--list').entries).toMatchObject([{ name: 'odd\n"\ufffd', type: 'file', size: 1 }]);
    const crowd = read(init, '/etc/crowded', '--list');
    expect(crowd.entries).toHaveLength(4096);
    expect(crowd.truncated).toBe(true);
    expect(refusal(init, '/etc/fifo', '--list')).toBe('not-a-directory: /etc/fifo is a fifo');
    expect(refusal(init, '/etc/absent', '--list')).toMatch(/^not-found: /);
  });

  test('tells owner, mode and kind of whatever is there, and opens none of it', async () => {
    const init = await prepared('root-attributes');
    const attributes = (path: string) => attributesSchema.parse(read(init, path, '--attributes'));
    const [uid, gid] = [process.getuid!(), process.getgid!()];
    expect(attributes('/etc/plain')).toMatchObject({ path: '/etc/plain', type: 'file', mode: '0640', uid, gid });
    expect(attributes('/etc')).toMatchObject({ type: 'directory', uid, gid });
    expect(attributes('/etc/fifo')).toMatchObject({ type: 'fifo' });
    expect(attributes('/etc/link')).toMatchObject({ type: 'file' });
    expect(refusal(init, '/etc/absent', '--attributes')).toMatch(/^not-found: /);
    expect(refusal(init, '/etc/outside', '--attributes')).toMatch(/^not-found: /);
  });
});

describe('tree', () => {
  const tree = (init: number, path: string, ...args: string[]) =>
    treeSchema.parse(observe('tree', init, '--path', path, ...args));
  const hex = (text: string) => Buffer.from(text).toString('hex');
  async function prepared(name: string) {
    const place = join(folder, name);
    mkdirSync(place);
    return (await actor('root', place)).init;
  }

  test('counts and searches what is there, follows nothing, leaves other mounts alone', async () => {
    const init = await prepared('tree');
    const seen = tree(init, '/', '--find', `${hex('inside')},${hex('absent')},${hex('plain')}`);
    expect(seen).toMatchObject({ truncated: false, unreadable: 0, programs: [] });
    // A socket and a FIFO; /proc is another mount and no part of it.
    expect(seen.others).toBe(2);
    expect(seen.symlinks).toBeGreaterThan(4100);
    expect(seen.found).toContainEqual({ needle: 0, in: 'content', path: '/etc/plain' });
    expect(seen.found).toContainEqual({ needle: 2, in: 'name', path: '/etc/plain' });
    expect(seen.found).toContainEqual({ needle: 2, in: 'link', path: '/etc/link' });
    expect(seen.found.filter(({ needle }) => needle === 1)).toEqual([]);
    expect(seen.found.filter(({ path }) => path.startsWith('/proc'))).toEqual([]);
  });

  test('what is no directory is refused', async () => {
    const init = await prepared('tree-refused');
    const code = (path: string) => errorOf('tree', init, '--path', path).code;
    expect(code('/etc/fifo')).toBe('not-a-directory');
    expect(code('/missing')).toBe('not-found');
    expect(code('/etc/loop')).toBe('too-many-links');
  });

  test.each([['6'], ['zz'], [''], ['61,'.repeat(40)]])('--find %j is a usage error', (text) => {
    expect(run('tree', '--init', '1', '--path', '/', '--find', text).status).toBe(2);
  });
});
