/** Answers that a learner typed into a JSON file of their own: hostile text, compared and never believed. */
import type { Facts } from '../../inspector/snapshot.ts';
import { textOf } from './files.ts';

/** A longer answer is a wrong one; in evidence it is cut here. */
const maxLength = 100;

export interface Answer {
  /** What stands there, trimmed; a number as its digits. undefined where there is no answer. */
  readonly given: string | undefined;
  /** The same for evidence, or why there is none. */
  readonly shown: string;
}

/** What was typed for this key of the object in the file. */
export function typedAnswer({ files }: Facts<'files'>, path: string, key: string): Answer {
  const content = textOf(files, path);
  if ('absent' in content) return { given: undefined, shown: content.absent };
  let value: unknown;
  try {
    value = JSON.parse(content.text);
  } catch {
    return { given: undefined, shown: 'no JSON' };
  }
  const answer = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  if (typeof answer !== 'number' && typeof answer !== 'string') return { given: undefined, shown: 'no answer' };
  const given = String(answer).trim().slice(0, maxLength);
  return given === '' ? { given: undefined, shown: 'no answer' } : { given, shown: given };
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
