/** The instructor's room, from what the server tells on /ws/workshop. */
import { instructorPath, projectorPath, signInPath } from '../../../i18n/index.ts';
import type { Workshop, WorkshopFrame } from '../../../protocol/workshops.ts';
import { Refusal } from '../../api.ts';
import { listen } from '../../ear.ts';
import { onSubmit, reason, say } from '../../form.ts';
import { element, icon, language, need, words } from '../../page.ts';
import { clockTime, countdown } from '../../time.ts';
import { labName } from '../course-data.ts';
import { startPlanForm } from '../plan-form.ts';
import { readWorkshops, workshopApi } from '../workshops-api.ts';
import { startBoard } from './board.ts';
import { startDetail } from './detail.ts';
import { startHelp } from './help.ts';
import { areSure } from './sure.ts';
import { showTroubles } from './troubles.ts';
import { showShare } from './watch.ts';

const { room: t, desk } = words.workshop;
const id = location.hash.slice(1);
const api = workshopApi(id);
const said = need('[data-said]');
const allSaid = need('[data-all-said]');
let workshop: Workshop | undefined;

const board = startBoard((member) => {
  const row = board.row(member);
  if (row) detail.open(row);
});
const detail = startDetail(id, api, board.row);
const setHelpLabs = startHelp(need('[data-help-all]'), ({ lab, hint }) =>
  forAll(async () => t.done(await api.help(null, lab, hint))),
);

async function tried(place: HTMLElement, what: () => Promise<string | undefined>): Promise<void> {
  try {
    say(place, (await what()) ?? '');
  } catch (trouble) {
    say(place, reason(trouble), true);
  }
}
const forAll = (what: () => Promise<string | undefined>) => tried(allSaid, what);

function lockButton({ lab, locked }: Workshop['labs'][number]): HTMLElement {
  const name = labName(lab);
  const label = locked ? t.unlock(name) : t.lock(name);
  const button = element(
    'button',
    {
      type: 'button',
      class: 'quiet-button',
      'aria-label': label,
      title: label,
      'data-lock': lab,
      'aria-pressed': String(locked),
    },
    icon(locked ? 'lock' : 'circle-dot'),
    name,
  );
  button.addEventListener('click', () =>
    forAll(async () => {
      show(await api.lock(lab, !locked));
      need(`[data-lock="${lab}"]`).focus();
      return undefined;
    }),
  );
  return element('li', {}, button);
}

let locksShown = '';
function show(next: Workshop): void {
  workshop = next;
  need('[data-loading]').hidden = true;
  need('[data-room]').hidden = false;
  document.title = `${next.title} · Toride`;
  need('[data-title]').textContent = next.title;
  const state = need('[data-workshop-state]');
  state.dataset.workshopState = next.state;
  state.textContent = desk.states[next.state];
  need('[data-code]').textContent = `${next.joinCode.slice(0, 4)}-${next.joinCode.slice(4)}`;
  need('[data-present]').textContent = t.present(next.present, next.capacity, next.waiting);
  need('[data-begin]').hidden = next.state !== 'planned';
  for (const part of document.querySelectorAll<HTMLElement>('[data-while-open]')) part.hidden = next.state === 'ended';
  need('[data-code-part]').hidden = next.state === 'ended';
  board.head(next);
  const labs = next.labs.map(({ lab }) => lab);
  const shape = JSON.stringify(next.labs);
  if (shape !== locksShown) {
    locksShown = shape;
    detail.labs(labs);
    setHelpLabs(labs);
    need('[data-locks]').replaceChildren(...next.labs.map(lockButton));
  }
  tick();
}

function tick(): void {
  if (!workshop) return;
  const { state, startsAt, endsAt } = workshop;
  need('[data-clock]').textContent =
    state === 'running'
      ? t.left(countdown(Date.parse(endsAt) - Date.now()))
      : state === 'planned'
        ? t.begins(clockTime(startsAt))
        : '';
}

function onFrame(frame: WorkshopFrame): void {
  say(need('[data-lost]'), '');
  if (frame.type === 'workshop') show(frame.workshop);
  else if (frame.type === 'troubles') showTroubles(frame.troubles);
  else if (frame.type === 'share') showShare(frame.member, frame.state);
  else {
    board.update(frame.rows, frame.gone);
    detail.refresh();
  }
}

need('[data-begin]').addEventListener('click', () =>
  tried(said, async () => {
    show(await api.start());
    return undefined;
  }),
);
need('[data-end]').addEventListener('click', () =>
  tried(said, async () => {
    if (await areSure(t.endSure, t.end)) show(await api.end());
    return undefined;
  }),
);
need('[data-extend-all]').addEventListener('click', () => forAll(async () => t.done(await api.extend(null))));
need('[data-reset-all]').addEventListener('click', () =>
  forAll(async () => {
    const lab = need<HTMLSelectElement>('[data-help-all] [data-help-lab]').value;
    return (await areSure(t.resetAllSure(labName(lab)), t.resetAll)) ? t.done(await api.reset(null, lab)) : undefined;
  }),
);
const message = need<HTMLFormElement>('[data-message-all]');
onSubmit(message, allSaid, async (value) => {
  const count = await api.message(null, value('text'));
  message.reset();
  return t.sent(count);
});
for (const format of ['csv', 'json'] as const)
  need<HTMLAnchorElement>(`[data-export="${format}"]`).href = api.exportAddress(format);
need<HTMLAnchorElement>('[data-projector]').href = `${projectorPath(language)}#${id}`;
need<HTMLAnchorElement>('[data-language-switch]').hash = id;

const changing = need('[data-changing]');
const planForm = startPlanForm(api.change, (changed) => {
  changing.hidden = true;
  if (changed) show(changed);
  need('[data-change]').focus();
});
need('[data-change]').addEventListener('click', () => {
  if (!workshop) return;
  planForm.fill(workshop);
  changing.hidden = false;
  need('[name="title"]', changing).focus();
});

try {
  if (id === '') location.replace(instructorPath(language));
  // Over HTTP first: only there it is told why not.
  show(await api.read());
  planForm.ready((await readWorkshops()).places);
  setInterval(tick, 1000);
  listen(
    `/ws/workshop?${new URLSearchParams({ id, language })}`,
    async (text) => {
      const { workshopFrameSchema } = await import('../../schemas.ts');
      onFrame(workshopFrameSchema.parse(JSON.parse(text)));
    },
    () => say(need('[data-lost]'), t.lost, true),
  );
} catch (trouble) {
  if (trouble instanceof Refusal && trouble.code === 'sign-in-needed') location.replace(signInPath(language));
  need('[data-loading]').hidden = true;
  say(said, reason(trouble), true);
}
