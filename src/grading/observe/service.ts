/** Does the service the learner was asked for answer, and from inside a container? */
import type { Facts, RequestObservation } from '../../inspector/snapshot.ts';
import { CannotVerify, type Evidence, type Verdict } from '../check.ts';
import { describe, servedOutside, serving } from './containers.ts';
import { verdict } from './verdict.ts';

/** The page at the drawn port holds the drawn token, and a process of a container sent it. */
export function pageFromContainer(facts: Facts<'processes' | 'requests'>, request = 'page'): Verdict {
  const { port, token } = facts.parameters;
  const answer = facts.requests[request];
  if (!port || !token || !answer) throw new CannotVerify(`no request ${request}, port or token in the snapshot`);
  const source = `GET http://localhost:${port}/`;
  const evidence: [boolean, Evidence][] = [
    [
      answer.status === 200 && bodyOf(answer).includes(token),
      { source, expected: `200 with ${token}`, actual: summary(answer) },
    ],
  ];
  if (answer.connected) {
    const outside = servedOutside(facts, request);
    // Found outside, that is certain, whatever became of the rest.
    const inside = outside.length > 0 ? [] : serving(facts, request).map(describe);
    const actual = [...outside, ...inside].join(', ');
    // The right page from nobody is a look that came too early: not seen is not failed.
    if (evidence[0]![0] && actual === '') throw new CannotVerify('who sent the page was not seen, try again');
    evidence.push([
      inside.length > 0,
      { source: `${source}: who answered`, expected: 'a process of a container', actual: actual || 'nothing found' },
    ]);
  }
  return verdict(evidence);
}

export function bodyOf({ body }: RequestObservation): string {
  return Buffer.from(body ?? '', 'base64').toString('utf8');
}

/** '200, 312 bytes' or why there was no answer. */
export function summary(answer: RequestObservation): string {
  if (!answer.connected) return `no connection${answer.reason ? ` (${answer.reason})` : ''}`;
  if (answer.status === undefined) return answer.reason ?? 'no HTTP answer';
  const start = bodyOf(answer).replaceAll(/\s+/g, ' ').slice(0, 60);
  return start === '' ? String(answer.status) : `${answer.status} ${start}`;
}
