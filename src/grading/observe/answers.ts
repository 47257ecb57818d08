/** Answers that a learner typed into a JSON file of their own: hostile text, compared and never believed. */
import type { Facts } from '../../inspector/snapshot.ts';
import { CannotVerify } from '../check.ts';

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
  const file = files[path];
  if (file === undefined) throw new CannotVerify(`${path} was not looked at`);
  if (file === null) return { given: undefined, shown: 'no such file' };
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(file.base64, 'base64').toString('utf8'));
  } catch {
    return { given: undefined, shown: 'no JSON' };
  }
  const answer = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  if (typeof answer !== 'number' && typeof answer !== 'string') return { given: undefined, shown: 'no answer' };
  const given = String(answer).trim().slice(0, maxLength);
  return given === '' ? { given: undefined, shown: 'no answer' } : { given, shown: given };
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
