/** A learner's terminal as an instructor sees it: its size is the learner's, and what is typed arrives only while they allow it. */
import type { WorkshopFrame } from '../../../protocol/workshops.ts';
import { element, language, need, words } from '../../page.ts';
import { newClient } from '../../terminal/address.ts';
import { Session } from '../../terminal/session.ts';
import { labName } from '../course-data.ts';

const t = words.workshop.room.detail;
type ShareState = Extract<WorkshopFrame, { type: 'share' }>['state'];

export interface Watched {
  readonly workshop: string;
  readonly member: string;
  readonly name: string;
  readonly lab: string;
  readonly terminal: string;
}

const place = need('[data-watch]');
const said = need('[data-watch-said]');
let session: Session | undefined;
let watched: Watched | undefined;

export function stopWatching(): void {
  session?.dispose();
  session = watched = undefined;
  place.hidden = true;
  need('[data-watch-place]').replaceChildren();
}

export function startWatching(one: Watched): void {
  stopWatching();
  watched = one;
  const { workshop, member, name, lab, terminal } = one;
  place.hidden = false;
  need('[data-watch-words]').textContent = `${t.watching(name)} (${labName(lab)}, ${terminal})`;
  said.textContent = '';
  const client = newClient();
  const address = new URL('/ws/watch', location.href);
  address.protocol = address.protocol.replace('http', 'ws');
  address.search = new URLSearchParams({ id: workshop, member, lab, terminal, client, language }).toString();
  const panel = element('div', { class: 'terminal-panel', 'data-testid': 'terminal-watch' });
  need('[data-watch-place]').replaceChildren(panel);
  session = new Session({
    lab,
    name: terminal,
    language,
    panel,
    label: t.watch(labName(lab), terminal),
    fontSize: 13,
    screenReader: false,
    onlookAt: address.href,
    leave: () => need<HTMLButtonElement>('[data-watch-ask]').focus(),
    onState: () => undefined,
    onReady: () => undefined,
    onRecording: () => undefined,
  });
}

export const watchedNow = (): Watched | undefined => watched;

export function showShare(member: string, state: ShareState | 'none'): void {
  if (member !== watched?.member || state === 'none') return;
  said.textContent = state === 'ended' ? '' : t[state];
  place.dataset.share = state;
  if (state === 'allowed') session?.screen.terminal.focus();
}
