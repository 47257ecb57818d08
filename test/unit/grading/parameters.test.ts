import { describe, expect, it } from 'vitest';
import { drawParameters } from '../../../src/grading/parameters.ts';

const specs = {
  port: { kind: 'port', from: 8100, to: 8103 },
  token: { kind: 'token', length: 12 },
  uid: { kind: 'id', from: 2000, to: 2000 },
  word: { kind: 'choice', of: ['red', 'green', 'blue'] },
} as const;

describe('drawParameters', () => {
  it('gives the same values for the same seed, for good', () => {
    // The values themselves: a change of the algorithm would change the task under a learner's hands.
    expect(
      drawParameters({ ...specs, word: { kind: 'choice', of: [...specs.word.of] } }, 'seed'),
    ).toMatchInlineSnapshot(`
      {
        "port": "8102",
        "token": "afq6ty38j4yt",
        "uid": "2000",
        "word": "red",
      }
    `);
  });

  it('stays in range, reaches both ends and favours no value', () => {
    const counts = new Map<string, number>();
    for (let n = 0; n < 4000; n++) {
      const { port } = drawParameters({ port: specs.port }, `learner ${n}`);
      counts.set(port!, (counts.get(port!) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual(['8100', '8101', '8102', '8103']);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  it('draws every value on its own', () => {
    const { a, b } = drawParameters({ a: specs.token, b: specs.token }, 'seed');
    expect(a).toMatch(/^[a-z0-9]{12}$/);
    expect(a).not.toBe(b);
  });
});
