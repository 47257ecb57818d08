/** Where the big button leads: where the learner was, or else to what is open next. Pure. */
import type { Progress } from '../protocol/api.ts';

export interface Next {
  /** Undefined where the course has no lab. */
  readonly lab: string | undefined;
  readonly how: 'start' | 'continue' | 'review';
}

/** @param course ids of all labs, in their order */
export function nextLab(course: readonly string[], { labs, last }: Progress): Next {
  const passed = new Set(labs.flatMap(({ lab, passed }) => (passed ? lab : [])));
  const open = (lab: string) => !passed.has(lab);
  const at = last === null ? -1 : course.indexOf(last);
  // The lab itself, those after it, and only then what was left out before it.
  const lab = at < 0 ? course.find(open) : [...course.slice(at), ...course].find(open);
  if (lab === undefined) return { lab: course[0], how: 'review' };
  return { lab, how: at < 0 && labs.length === 0 ? 'start' : 'continue' };
}
