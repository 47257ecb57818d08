import { en, type Messages } from './en.ts';
import { ja } from './ja.ts';

export const languages = ['en', 'ja'] as const;
export type Language = (typeof languages)[number];
export type { Messages };

const all: Record<Language, Messages> = { en, ja };

export function messagesFor(language: Language): Messages {
  return all[language];
}

export function isLanguage(value: string | undefined): value is Language {
  return languages.some((language) => language === value);
}

/** For a page: its route decides, and a route without a language speaks English. */
export function languageOf(value: string | undefined): Language {
  return isLanguage(value) ? value : 'en';
}

export const coursePath = (language: Language) => `/${language}/`;
export const progressPath = (language: Language) => `/${language}/progress/`;
export const verifyPath = (language: Language) => `/${language}/verify/`;
export const labPath = (language: Language, lab: string) => `/${language}/labs/${lab}/`;

export const recordingsPath = (language: Language) => `/${language}/recordings/`;

/** The same page in another language: only the first part of the path tells the language. */
export function pathIn(language: Language, path: string): string {
  const [, first, ...rest] = path.split('/');
  return isLanguage(first) ? `/${[language, ...rest].join('/')}` : coursePath(language);
}

export const instructorPath = (language: Language) => `/${language}/instructor/`;
export const signInPath = (language: Language) => `/${language}/instructor/sign-in/`;
export const platformsPath = (language: Language) => `/${language}/instructor/platforms/`;
export const welcomePath = (language: Language) => `/${language}/instructor/welcome/`;

export const joinPath = (language: Language) => `/${language}/join/`;
export const placePath = (language: Language) => `/${language}/workshop/`;
/** With the id of the workshop after `#`. */
export const roomPath = (language: Language) => `/${language}/instructor/workshop/`;
export const projectorPath = (language: Language) => `/${language}/instructor/projector/`;
