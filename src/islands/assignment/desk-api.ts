/** What instructors ask of assignments. */
import type {
  AssignmentList,
  AssignmentPlan,
  Gradebook,
  Replay,
  RosterAnswer,
  Signs,
  SubmissionView,
} from '../../protocol/assignments.ts';
import { language } from '../page.ts';
import { ask } from './ask.ts';

export const at = (path: string) => `/api/instructor/assignments${path}?language=${language}`;
const changed = (method: 'POST' | 'PUT' | 'DELETE', path: string, sent: object = {}) =>
  ask(({ assignmentIdSchema }) => assignmentIdSchema, method, at(path), sent);

export const readList = (): Promise<AssignmentList> =>
  ask(({ assignmentListSchema }) => assignmentListSchema, 'GET', at(''));
export const makeAssignment = (plan: AssignmentPlan, signUp: boolean) => changed('POST', '', { plan, signUp });
export const readBook = (id: string): Promise<Gradebook> =>
  ask(({ gradebookSchema }) => gradebookSchema, 'GET', at(`/${id}`));
export const changeAssignment = (id: string, plan: AssignmentPlan) => changed('PUT', `/${id}`, plan);
export const closeAssignment = (id: string) => changed('POST', `/${id}/close`);
export const setSignUp = (id: string, on: boolean) => changed('PUT', `/${id}/sign-up`, { on });
export const readSigns = (id: string): Promise<Signs> =>
  ask(({ signsSchema }) => signsSchema, 'GET', at(`/${id}/signs`));

/** As it is: whether it is text, and in which encoding, is for the server to say. */
export const importRoster = (id: string, file: Blob): Promise<RosterAnswer> =>
  ask(({ rosterAnswerSchema }) => rosterAnswerSchema, 'POST', at(`/${id}/roster`), file);
export const makeLinks = (id: string) => ask(({ linksFileSchema }) => linksFileSchema, 'POST', at(`/${id}/links`));
export const makeMemberLink = (id: string, member: string) =>
  ask(({ memberLinkSchema }) => memberLinkSchema, 'POST', at(`/${id}/members/${member}/link`));
export const removeMember = (id: string, member: string) => changed('DELETE', `/${id}/members/${member}`);
export const extend = (id: string, member: string, dueAt: string | null, reason: string) =>
  changed('PUT', `/${id}/members/${member}/extension`, { dueAt, reason });

export const readSubmission = (id: string, submission: string): Promise<SubmissionView> =>
  ask(({ submissionViewSchema }) => submissionViewSchema, 'GET', at(`/${id}/submissions/${submission}`));
export const replay = (id: string, submission: string): Promise<Replay> =>
  ask(({ replaySchema }) => replaySchema, 'GET', at(`/${id}/submissions/${submission}/replay`));
export interface NewOverride {
  readonly member: string;
  readonly lab: string;
  readonly submission: string | null;
  readonly points: number;
  readonly reason: string;
}
export const givePoints = (id: string, override: NewOverride) => changed('POST', `/${id}/overrides`, override);
export const takeBack = (id: string, override: string) => changed('DELETE', `/${id}/overrides/${override}`);
