/** The learner's page of their workshop: in line, before it begins, in its midst, after its end. */
import { joinPath, labPath } from '../../i18n/index.ts';
import type { Place } from '../../protocol/workshops.ts';
import { reason, say } from '../form.ts';
import { element, icon, language, need, words } from '../page.ts';
import { clockTime } from '../time.ts';
import { followPlace, leave, newLink, raiseHand } from './api.ts';
import { messageCard } from './messages.ts';

const t = words.workshop.place;
const said = need('[data-said]');
const hand = need<HTMLButtonElement>('[data-hand]');
const labs = new Map(
  [...document.querySelectorAll<HTMLElement>('[data-lab-name]')].map((node) => [
    node.dataset.labName,
    node.textContent,
  ]),
);
/** It was there before: then its end is said. */
let had = false;

function show(place: Place | null): void {
  need('[data-loading]').hidden = true;
  need('[data-none]').hidden = place !== null;
  need('[data-place]').hidden = place === null;
  if (!place) {
    need('[data-none-text]').textContent = had ? t.over : t.none;
    return;
  }
  had = true;
  need('[data-title]').textContent = place.title;
  need('[data-as]').textContent = t.as(place.name);
  const { state, ahead } = place;
  need('[data-when]').textContent =
    ahead !== null
      ? t.line(ahead + 1)
      : state === 'planned'
        ? t.starts(clockTime(place.startsAt))
        : t.ends(clockTime(place.endsAt));
  const isIn = state === 'running' && ahead === null;
  const rows = place.labs.map(({ lab, locked, score }) => {
    const open = isIn && !locked;
    const name = labs.get(lab) ?? lab;
    return element(
      'li',
      { 'data-lab-row': lab, 'data-open': String(open) },
      icon(open ? 'circle-dot' : 'lock'),
      open ? element('a', { href: labPath(language, lab) }, name) : element('span', {}, name),
      element('span', { class: 'quiet' }, score !== null ? t.score(score) : open ? t.open : t.locked),
    );
  });
  need('[data-labs]').replaceChildren(...rows);
  hand.setAttribute('aria-pressed', String(place.handAt !== null));
  need('[data-hand-words]').textContent = place.handAt === null ? t.hand : `${t.handUp} · ${t.handDown}`;
  need('[data-messages]').replaceChildren(...place.messages.toReversed().map((message) => messageCard(message)));
  need('[data-no-messages]').hidden = place.messages.length > 0;
}

async function act(button: HTMLButtonElement, what: () => Promise<unknown>): Promise<void> {
  button.disabled = true;
  try {
    say(said, '');
    await what();
  } catch (trouble) {
    say(said, reason(trouble), true);
  } finally {
    button.disabled = false;
  }
}

function showLink(token: string): void {
  const field = need<HTMLInputElement>('[data-link-field]');
  field.value = `${location.origin}${joinPath(language)}#me=${token}`;
  need('[data-link]').hidden = false;
  field.select();
}

hand.addEventListener('click', () => act(hand, async () => show(await raiseHand(hand.ariaPressed !== 'true'))));
const link = need<HTMLButtonElement>('[data-make-link]');
link.addEventListener('click', () =>
  act(link, async () => {
    const token = await newLink();
    if (token !== null) showLink(token);
  }),
);
const leaving = need<HTMLButtonElement>('[data-leave]');
leaving.addEventListener('click', () => {
  const dialog = need<HTMLDialogElement>('#dialog-leave');
  dialog.returnValue = '';
  dialog.addEventListener(
    'close',
    () => dialog.returnValue === 'yes' && act(leaving, async () => show(await leave())),
    {
      once: true,
    },
  );
  dialog.showModal();
});

const made = sessionStorage.getItem('workshop-link');
if (made !== null) {
  sessionStorage.removeItem('workshop-link');
  showLink(made);
}
followPlace((frame) => {
  if (frame.type === 'place') show(frame.place);
});
