/** What the learner read off the container, held against what the kernel says of the same process. */
import { CannotVerify, type Check, check, type Evidence, type Localized } from '../../src/grading/check.ts';
import { typedAnswer } from '../../src/grading/observe/answers.ts';
import { firstProcess } from '../../src/grading/observe/first-process.ts';
import { verdict } from '../../src/grading/observe/verdict.ts';
import type { Facts, Process } from '../../src/inspector/snapshot.ts';

export const answersPath = '/home/learner/lab/answers.json';

export type Seen = Facts<'processes' | 'requests' | 'files'>;

/** One key of the file: where a learner reads it, and whether what was typed is that. */
export interface Question {
  readonly key: string;
  readonly where: string;
  readonly right: (given: string, first: Process, facts: Seen) => boolean;
}

export const sameNumber = (given: string, right: number): boolean =>
  /^\d{1,15}$/.test(given) && Number(given) === right;

/** A capability set, with or without 0x and leading zeros. */
export function sameSet(given: string, right: string): boolean {
  const digits = /^(?:0x)?([0-9a-f]{1,16})$/i.exec(given)?.[1];
  return digits !== undefined && BigInt(`0x${digits}`) === BigInt(`0x${right}`);
}

/** 'net:[4026532875]', as readlink prints it, or the number alone. */
export function sameNamespace(kind: 'net' | 'user', given: string, first: Process): boolean {
  const right = first.namespaces[kind];
  if (right === null) throw new CannotVerify(`the ${kind} namespace of the container could not be read`);
  const digits = new RegExp(`^(?:${kind}:)?\\[?(\\d{1,15})\\]?$`).exec(given)?.[1];
  return digits !== undefined && Number(digits) === right;
}

export interface AnswerCheck {
  readonly id: string;
  readonly weight: number;
  readonly title: Localized;
  readonly rationale: Localized;
  readonly remediation: Localized;
  readonly questions: readonly Question[];
}

/** Passes when every key is answered rightly. */
export function answerCheck({ questions, ...words }: AnswerCheck): Check {
  return check({
    ...words,
    severity: 'low',
    needs: ['processes', 'requests', 'files'],
    dependsOn: ['service.answers'],
    references: ['chapter 8.1.1'],
    evaluate: (facts) => {
      const first = firstProcess(facts, 'page');
      return verdict(
        questions.map(({ key, where, right }): [boolean, Evidence] => {
          const { given, shown } = typedAnswer(facts, answersPath, key);
          const good = given !== undefined && right(given, first, facts);
          // The right answer is never shown: it would be copied instead of read. Nor is a right one repeated: the kernel
          // gives other numbers each time, and the same submission should give the same report.
          const expected = `as in ${where}`;
          return [good, { source: `${answersPath}: ${key}`, expected, actual: good ? expected : shown }];
        }),
      );
    },
  });
}
