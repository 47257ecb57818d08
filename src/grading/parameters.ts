/** Values drawn for one learner and one lab: the same seed always gives the same values, another seed gives others. */
import { createHmac } from 'node:crypto';
import type { Lab, ParameterSpec } from '../protocol/lab.ts';

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';

/**
 * Draws every parameter of a lab. The seed is the server's secret joined to learner and lab; it is the key of the hash,
 * so no value tells anything about the seed or about another value.
 */
export function drawParameters(specs: Lab['parameters'], seed: string): Record<string, string> {
  return Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, draw(spec, numbers(seed, name))]));
}

function draw(spec: ParameterSpec, below: (bound: number) => number): string {
  switch (spec.kind) {
    case 'port':
    case 'id':
      return String(spec.from + below(spec.to - spec.from + 1));
    case 'token':
      return Array.from({ length: spec.length }, () => alphabet[below(alphabet.length)]).join('');
    case 'choice':
      return spec.of[below(spec.of.length)]!;
  }
}

/**
 * A stream of whole numbers from 0 to bound - 1, each as likely as the other: a word from the last, incomplete run of
 * `bound` words would favour small numbers, so it is thrown away and the next is taken.
 */
export function numbers(seed: string, name: string): (bound: number) => number {
  let counter = 0;
  return (bound) => {
    if (!Number.isSafeInteger(bound) || bound < 1 || bound > 2 ** 32) {
      throw new RangeError(`parameter ${name}: cannot draw one of ${bound} values`);
    }
    const limit = 2 ** 32 - (2 ** 32 % bound);
    for (;;) {
      const word = createHmac('sha256', seed).update(`parameter\0${name}\0${counter++}`).digest().readUInt32BE(0);
      if (word < limit) return word % bound;
    }
  };
}
