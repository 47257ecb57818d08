/** Words of assignments. Apart from the site's others, so that no page carries them that has no assignment. */
import { type AssignmentWords, assignmentEn } from './assignment-en.ts';
import { assignmentJa } from './assignment-ja.ts';
import type { Language } from './index.ts';

export type { AssignmentWords };
export const assignmentWords = (language: Language): AssignmentWords =>
  language === 'ja' ? assignmentJa : assignmentEn;

export const assignmentsPath = (language: Language) => `/${language}/assignments/`;
export const entryPath = (language: Language) => `/${language}/assignment/`;
export const deskAssignmentsPath = (language: Language) => `/${language}/instructor/assignments/`;
export const apiPath = (language: Language) => `/${language}/instructor/api/`;
export const deskAssignmentPath = (language: Language, id: string) => `/${language}/instructor/assignment/?id=${id}`;
export const deskSubmissionPath = (language: Language, assignment: string, id: string) =>
  `/${language}/instructor/assignment-submission/?assignment=${assignment}&id=${id}`;
