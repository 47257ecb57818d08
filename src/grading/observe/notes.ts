/** Does the notebook of the labs keep what is sent to it? Asked by a PUT and a GET of the same note. */
import type { ObservationPlan } from '../../inspector/plan.ts';
import type { Facts } from '../../inspector/snapshot.ts';
import { CannotVerify, type Verdict } from '../check.ts';
import { summary } from './service.ts';
import { verdict } from './verdict.ts';

/** Its content is empty and its name does not clash with a learner's notes. */
const proof = '/notes/toride-check.txt';
/** How old the proof of a write may be: the inspector reads it at once, slow machines and clocks get some room. */
const freshSeconds = 120;

/** The requests `write` and `read`, in the order they must be sent. */
export function noteRequests(port: number): NonNullable<ObservationPlan['requests']> {
  return {
    write: { port, path: proof, method: 'PUT' },
    read: { port, path: proof },
  };
}

/** A note was stored and read back, and it is not one of an earlier look. */
export function keepsNotes({ requests, parameters: { port } }: Facts<'requests'>): Verdict {
  const { write, read } = requests;
  if (!write || !read) throw new CannotVerify('the requests that write and read were not made');
  const url = `http://localhost:${port}${proof}`;
  const date = (name: string) => Date.parse(read.headers?.[name] ?? '');
  // The server's own two clock readings: written, and now. No other clock comes into it.
  const age = (date('date') - date('last-modified')) / 1000;
  const fresh = age <= freshSeconds;
  return verdict([
    [
      write.status === 201 || write.status === 204,
      { source: `PUT ${url}`, expected: '201 or 204', actual: summary(write) },
    ],
    [
      read.status === 200 && fresh,
      {
        source: `GET ${url}`,
        expected: `200, written less than ${freshSeconds} s ago`,
        // No number where it is fresh: the same submission gives the same words.
        actual: read.status === 200 ? `200, written ${fresh ? 'just now' : `${age} s ago`}` : summary(read),
      },
    ],
  ]);
}
