/** A learner's file as text: hostile, compared and never believed. */
import type { FileObservation } from '../../inspector/snapshot.ts';
import { CannotVerify } from '../check.ts';

export type Text = { readonly text: string } | { readonly absent: string };

/** The content, or why there is none, in words for evidence. @throws CannotVerify when the file was not looked at */
export function textOf(files: Readonly<Record<string, FileObservation>>, path: string): Text {
  const file = files[path];
  if (file === undefined) throw new CannotVerify(`${path} was not looked at`);
  if (file === null) return { absent: 'no such file' };
  if ('refused' in file) return { absent: file.refused };
  return { text: Buffer.from(file.base64, 'base64').toString('utf8') };
}
