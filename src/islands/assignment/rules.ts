/** What counts and until when, in sentences. */
import type { Rules } from '../../protocol/assignments.ts';
import { t } from './page.ts';
import { timeIn } from './time.ts';

interface Told {
  readonly opensAt: string;
  readonly dueAt: string;
  /** null: nothing late is taken. */
  readonly lateUntil: string | null;
  readonly rules: Rules;
}

export function ruleSentences({ opensAt, dueAt, lateUntil, rules }: Told): string[] {
  const { late, attempts, counts, timeZone } = rules;
  const when = (iso: string) => timeIn(iso, timeZone);
  const taken = () => {
    if (lateUntil === null) return t.rules.notLate;
    if (!late.accepted || late.percentPerDay === 0 || late.mostPercent === 0) return t.rules.lateFree(when(lateUntil));
    return t.rules.late(when(lateUntil), late.percentPerDay, late.mostPercent);
  };
  return [
    ...(Date.parse(opensAt) > Date.now() ? [t.rules.opens(when(opensAt))] : []),
    t.rules.due(when(dueAt)),
    taken(),
    attempts === null ? t.rules.anyAttempts : t.rules.attempts(attempts),
    t.rules[counts],
    t.rules.hints,
  ];
}
