/** What learners ask of assignments. */
import type { Entered, LabGrade, OpenForLab, OwnAssignments } from '../../protocol/assignments.ts';
import { language } from '../page.ts';
import { ask } from './ask.ts';

const at = (path: string) => `/api/assignments${path}?language=${language}`;

export const readAssignments = (): Promise<OwnAssignments> =>
  ask(({ ownAssignmentsSchema }) => ownAssignmentsSchema, 'GET', at(''));
export const readOpenFor = (lab: string): Promise<OpenForLab> =>
  ask(({ openForLabSchema }) => openForLabSchema, 'GET', at(`/labs/${lab}`));
export const submitLab = (assignment: string, lab: string): Promise<LabGrade> =>
  ask(({ labGradeSchema }) => labGradeSchema, 'POST', at(`/${assignment}/labs/${lab}/submissions`));
export const lookAtPersonalLink = (token: string) =>
  ask(({ personalLinkViewSchema }) => personalLinkViewSchema, 'POST', at('/look'), { token });
export const enter = (token: string): Promise<Entered> =>
  ask(({ enteredSchema }) => enteredSchema, 'POST', at('/enter'), { token });
export const lookAtCode = (code: string) =>
  ask(({ signUpViewSchema }) => signUpViewSchema, 'POST', at('/sign-up/look'), { code });
export const signUp = (code: string, name: string, email: string | null): Promise<Entered> =>
  ask(({ enteredSchema }) => enteredSchema, 'POST', at('/sign-up'), { code, name, email });
