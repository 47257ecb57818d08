/** Who may read a lab's reference solution. Absence means no. */
import type { Exercise } from '../exercise/catalogue.ts';
import type { Learner } from '../store/store.ts';
import type { AppParts } from './http.ts';

type Parts = Pick<AppParts, 'store' | 'solutions'>;
type Permission = (parts: Parts, learner: Learner, exercise: Exercise) => boolean | Promise<boolean>;

/** One is enough. */
const permissions: readonly Permission[] = [
  /** The operator's. */
  ({ solutions }) => solutions === 'always',
  /** Their instructor's. */
  async ({ store }, learner, { lab }) => (await store.grantsFor(learner.id, lab.id)).some(({ task }) => task === null),
  /** Their own. */
  ({ store }, learner, { lab }) => store.hasPassed(learner.id, lab.id),
];

export async function maySeeSolution(parts: Parts, learner: Learner, exercise: Exercise): Promise<boolean> {
  for (const permits of permissions) if (await permits(parts, learner, exercise)) return true;
  return false;
}
