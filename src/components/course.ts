/** The course as pages see it: sections in the chapter's order, each with the labs that exist. */
import { getCollection } from 'astro:content';
import { en } from '../i18n/en.ts';
import type { Lab } from '../protocol/lab.ts';

export type SectionNumber = keyof typeof en.course.sections;
export interface Section {
  readonly number: SectionNumber;
  readonly labs: readonly Lab[];
}

export async function allLabs(): Promise<Lab[]> {
  const entries = await getCollection('labs');
  return entries.map(({ data }) => data).sort((a, b) => a.order - b.order);
}

/** The chapter has no such section: here stands what was imported, and nothing where nothing was. */
export const imported = '8.9';

export function bySection(labs: readonly Lab[]): Section[] {
  return (Object.keys(en.course.sections) as SectionNumber[])
    .map((number) => ({
      number,
      labs: labs.filter(({ chapter }) => chapter === number || chapter.startsWith(`${number}.`)),
    }))
    .filter(({ number, labs: own }) => number !== imported || own.length > 0);
}
