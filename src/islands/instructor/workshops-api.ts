/** /api/instructor/workshops, as the browser uses it. */
import type { Attempt } from '../../protocol/api.ts';
import type { Workshop, WorkshopPlan, Workshops } from '../../protocol/workshops.ts';
import { ask } from '../api.ts';
import { language } from '../page.ts';

const inLanguage = `?language=${language}`;
const all = `/api/instructor/workshops`;
const of = (id: string) => `${all}/${encodeURIComponent(id)}`;
const one = (method: 'GET' | 'POST' | 'PUT', path: string, sent?: object): Promise<Workshop> =>
  ask(({ workshopSchema }) => workshopSchema, method, path + inLanguage, sent);
const doneFor = (method: 'POST' | 'DELETE', path: string, sent: object = {}): Promise<number> =>
  ask(({ doneForSchema }) => doneForSchema, method, path + inLanguage, sent).then(({ done }) => done);

export const readWorkshops = (): Promise<Workshops> =>
  ask(({ workshopsSchema }) => workshopsSchema, 'GET', all + inLanguage);
export const makeWorkshop = (plan: WorkshopPlan) => one('POST', all, plan);

/** What is done in one workshop. `member`: one learner's id, or null for all. */
export const workshopApi = (id: string) => ({
  read: () => one('GET', of(id)),
  change: (plan: WorkshopPlan) => one('PUT', of(id), plan),
  start: () => one('POST', `${of(id)}/start`, {}),
  end: () => one('POST', `${of(id)}/end`, {}),
  lock: (lab: string, locked: boolean) => one('POST', `${of(id)}/lock`, { lab, locked }),
  message: (member: string | null, text: string) => doneFor('POST', `${of(id)}/message`, { member, text }),
  extend: (member: string | null) => doneFor('POST', `${of(id)}/extend`, { member }),
  reset: (member: string | null, lab: string) => doneFor('POST', `${of(id)}/reset`, { member, lab }),
  help: (member: string | null, lab: string, hint: { task: string; step: number } | null) =>
    doneFor('POST', `${of(id)}/help`, { member, lab, hint }),
  askToType: (member: string, lab: string, terminal: string) =>
    doneFor('POST', `${of(id)}/share`, { member, lab, terminal }),
  lowerHand: (member: string) => doneFor('POST', `${of(id)}/members/${member}/hand`),
  remove: (member: string) => doneFor('DELETE', `${of(id)}/members/${member}`),
  link: (member: string): Promise<string> =>
    ask(({ memberLinkSchema }) => memberLinkSchema, 'POST', `${of(id)}/members/${member}/link${inLanguage}`, {}).then(
      ({ link }) => link,
    ),
  lastCheck: (member: string, lab: string): Promise<Attempt | null> =>
    ask(({ lastCheckSchema }) => lastCheckSchema, 'GET', `${of(id)}/members/${member}/labs/${lab}${inLanguage}`).then(
      ({ attempt }) => attempt,
    ),
  exportAddress: (format: 'csv' | 'json') => `${of(id)}/export?format=${format}`,
});
export type WorkshopApi = ReturnType<typeof workshopApi>;
