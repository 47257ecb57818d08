/** A lab page whose learner is in a workshop: a hand to raise, messages, who looks on, and who would like to type. */
import type { Place, PlaceFrame } from '../../protocol/workshops.ts';
import type { Learning } from '../lab/learning.ts';
import { announce } from '../lab/tasks.ts';
import { element, icon, need, words } from '../page.ts';
import { recall, remember } from '../storage.ts';
import type { Terminals } from '../terminal/terminals.ts';
import { answerShare, followPlace, raiseHand, readPlace } from './api.ts';
import { messageCard } from './messages.ts';

const t = words.workshop.lab;
/** The newest message that was put away; ids sort by time. */
const SEEN = 'workshop-message';

export interface LabPage {
  readonly lab: string;
  readonly terminals: Terminals;
  readonly learning: Learning;
}

const notices = need('[data-workshop-notices]');
const hand = need<HTMLButtonElement>('[data-workshop-hand]');
const toPlace = need<HTMLAnchorElement>('[data-workshop-place]');

function button(label: string, kind: string, act: () => unknown): HTMLButtonElement {
  const node = element('button', { type: 'button', class: kind }, label);
  node.addEventListener('click', async () => {
    node.disabled = true;
    try {
      await act();
    } catch (trouble) {
      announce(trouble instanceof Error ? trouble.message : words.dialog.noAnswer);
    } finally {
      node.disabled = false;
    }
  });
  return node;
}

function watcherCard({ id, name, terminal, typing }: Place['watchers'][number]): HTMLElement {
  const card = (text: string, ...more: (Node | string)[]) =>
    element(
      'div',
      { class: 'workshop-card', 'data-watcher': id, 'data-typing': typing },
      element('p', {}, icon('eye'), ` ${text}`),
      ...more,
    );
  if (typing === 'no') return card(t.watching(name, terminal));
  if (typing === 'yes')
    return card(
      t.typing(name, terminal),
      button(t.endTyping, 'button', async () => show(await answerShare(id, false))),
    );
  return card(
    t.asks(name, terminal),
    element('p', { class: 'small' }, t.asksText),
    element(
      'div',
      { class: 'workshop-answers' },
      button(t.allow, 'button primary', async () => show(await answerShare(id, true))),
      button(t.refuse, 'button', async () => show(await answerShare(id, false))),
    ),
  );
}

/** Help was opened, and that was not put away yet. */
let helped = false;

/** What was said last: a card that is already there stays, with the focus that may be in it. */
let shown = '';
function show(place: Place | null): void {
  hand.hidden = toPlace.hidden = place === null;
  const seen = recall(SEEN) ?? '';
  const text = JSON.stringify(place && [place.messages, place.watchers, place.handAt, helped, seen]);
  if (text === shown) return;
  shown = text;
  if (!place) {
    notices.replaceChildren();
    return;
  }
  hand.setAttribute('aria-pressed', String(place.handAt !== null));
  hand.title = place.handAt === null ? t.hand : t.handUp;
  hand.setAttribute('aria-label', hand.title);
  toPlace.title = place.title;
  const fresh = place.messages.filter(({ id }) => id > seen);
  const putAway = (act: () => void) =>
    button(t.dismiss, 'quiet-button', () => {
      act();
      show(place);
    });
  notices.replaceChildren(
    ...place.watchers.map(watcherCard),
    ...fresh.map((message) =>
      messageCard(
        message,
        putAway(() => remember(SEEN, message.id)),
      ),
    ),
    ...(helped ? [element('div', { class: 'workshop-card' }, element('p', {}, t.helped), putAway(forget))] : []),
  );
}

function forget(): void {
  helped = false;
}

export async function startWorkshop({ lab, terminals, learning }: LabPage): Promise<void> {
  let open: boolean | undefined;
  let last: Place | null = null;
  const onPlace = (place: Place | null) => {
    last = place;
    show(place);
    const own = place?.labs.find((one) => one.lab === lab);
    const now = !own || (place?.state === 'running' && place.ahead === null && !own.locked);
    // It was shut and is open now: the terminal that was refused tries again.
    if (open === false && now && !terminals.ready) terminals.reconnect();
    open = now;
  };
  const onFrame = (frame: PlaceFrame) => {
    if (frame.type === 'place') onPlace(frame.place);
    else if (frame.lab !== lab) return;
    else if (frame.type === 'reset') terminals.reconnect();
    else {
      helped = true;
      show(last);
      void learning.refresh();
    }
  };
  hand.addEventListener('click', async () => {
    try {
      onPlace(await raiseHand(hand.ariaPressed !== 'true'));
    } catch (trouble) {
      announce(trouble instanceof Error ? trouble.message : words.dialog.noAnswer);
    }
  });
  // Most learners are in none: they need no further connection. Where that could not be asked, the line asks by itself.
  const place = await readPlace().catch((trouble: unknown) =>
    console.warn('Whether there is a workshop is not known', trouble),
  );
  if (place === null) return;
  if (place) onPlace(place);
  followPlace(onFrame);
}
