/** Workshops as a learner has them. */
import type { JoinView, Place, PlaceFrame } from '../../protocol/workshops.ts';
import { ask } from '../api.ts';
import { type Ear, listen } from '../ear.ts';
import { language } from '../page.ts';

const at = (path: string) => `/api${path}?language=${language}`;
const asked = (method: 'GET' | 'POST', path: string, sent?: object): Promise<Place | null> =>
  ask(({ placeAnswerSchema }) => placeAnswerSchema, method, at(path), sent).then(({ place }) => place);
const joined = (path: string, sent: object): Promise<string | null> =>
  ask(({ joinedSchema }) => joinedSchema, 'POST', at(path), sent).then(({ link }) => link);

export interface Joiner {
  readonly code: string;
  readonly name: string;
  readonly email?: string;
  readonly fresh?: boolean;
}

export const lookAtCode = (code: string): Promise<JoinView> =>
  ask(({ joinViewSchema }) => joinViewSchema, 'POST', at('/join/look'), { code });
/** @returns the token of the personal link, if it was made just now */
export const join = (joiner: Joiner) => joined('/join', joiner);
export const comeBack = (link: string) => joined('/join/back', { link });
export const newLink = () => joined('/workshop/link', {});
export const readPlace = () => asked('GET', '/workshop');
export const raiseHand = (raised: boolean) => asked('POST', '/workshop/hand', { raised });
export const leave = () => asked('POST', '/workshop/leave', {});
export const answerShare = (id: string, allow: boolean) => asked('POST', '/workshop/share', { id, allow });

export function followPlace(onFrame: (frame: PlaceFrame) => void): Ear {
  return listen(`/ws/place?language=${language}`, async (text) => {
    const { placeFrameSchema } = await import('../schemas.ts');
    onFrame(placeFrameSchema.parse(JSON.parse(text)));
  });
}
