/** Labs and tasks by name, as the page was built with them. */
import { need } from '../page.ts';

export interface CourseLab {
  readonly id: string;
  readonly chapter: string;
  readonly title: string;
  readonly tasks: readonly { readonly id: string; readonly title: string; readonly hints: number }[];
}

const labs: readonly CourseLab[] = JSON.parse(need('[data-course]').textContent ?? '[]');
const byId = new Map(labs.map((lab) => [lab.id, lab]));

/** What the server knows and this page does not has been added since: it is called by its id. */
export const courseLab = (id: string): CourseLab => byId.get(id) ?? { id, chapter: '', title: id, tasks: [] };
/** '8.5.1 Read-only root' */
export const labName = (id: string): string => `${courseLab(id).chapter} ${courseLab(id).title}`.trim();
