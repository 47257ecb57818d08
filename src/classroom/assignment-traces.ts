/** What of a submission is compared with others': answers that were typed, and words that may be somebody's drawn value. Pure. */
import { z } from 'zod';
import type { Result } from '../grading/check.ts';
import type { Snapshot } from '../inspector/snapshot.ts';
import type { Lab } from '../protocol/lab.ts';

const WORDS_MOST = 100;

export const tracesSchema = z.strictObject({
  /** In the order of the checks. */
  answers: z.array(z.strictObject({ check: z.string(), given: z.string(), right: z.boolean() })),
  /** Of the length of a drawn token of this lab, each once. */
  words: z.array(z.string()),
});
export type Traces = z.infer<typeof tracesSchema>;

const decode = (base64: string) => Buffer.from(base64, 'base64').toString('utf8');

/** Of a typed answer the evidence is `PATH: KEY` and what stands there: see grading/observe/answers.ts. */
function answersIn(snapshot: Snapshot, results: readonly Result[]): Traces['answers'] {
  if (!snapshot.files.ok) return [];
  const files = snapshot.files.value;
  return results.flatMap((result) => {
    if (result.status !== 'passed' && result.status !== 'failed') return [];
    const { source, actual } = result.evidence[0];
    const [path = '', key] = source.split(': ');
    const file = Object.hasOwn(files, path) ? files[path] : undefined;
    if (key === undefined || !file || 'refused' in file || !decode(file.base64).includes(actual)) return [];
    return [{ check: result.id, given: actual, right: result.status === 'passed' }];
  });
}

/** Where a learner's own hand shows: files that were handed in, and what their service answers. */
function textsIn(snapshot: Snapshot): string[] {
  const files = snapshot.files.ok ? Object.values(snapshot.files.value) : [];
  const requests = snapshot.requests.ok ? Object.values(snapshot.requests.value) : [];
  return [
    ...files.flatMap((file) => (file && 'base64' in file ? decode(file.base64) : [])),
    ...requests.flatMap(({ body }) => (body === undefined ? [] : decode(body))),
  ];
}

export function tracesOf(lab: Lab, snapshot: Snapshot, results: readonly Result[]): Traces {
  const lengths = Object.values(lab.parameters).flatMap((spec) => (spec.kind === 'token' ? spec.length : []));
  const words = new Set<string>();
  // Drawn ones nearly always have both: without, ordinary words would be kept.
  for (const text of lengths.length > 0 ? textsIn(snapshot) : [])
    for (const [word] of text.matchAll(/(?<![a-z0-9])[a-z0-9]+(?![a-z0-9])/g))
      if (words.size < WORDS_MOST && lengths.includes(word.length) && /[a-z]/.test(word) && /\d/.test(word))
        words.add(word);
  return { answers: answersIn(snapshot, results), words: [...words] };
}
