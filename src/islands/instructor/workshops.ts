/** The desk's list of workshops, and the form for a new one. */
import { roomPath } from '../../i18n/index.ts';
import type { Workshop } from '../../protocol/workshops.ts';
import { element, icon, language, need, words } from '../page.ts';
import { clockTime } from '../time.ts';
import { startPlanForm } from './plan-form.ts';
import { makeWorkshop, readWorkshops } from './workshops-api.ts';

const t = words.workshop.desk;
const SIGNS = { planned: 'clock', running: 'circle-dot', ended: 'circle-check' } as const;

const row = ({ id, title, startsAt, endsAt, state, present, capacity }: Workshop) =>
  element(
    'tr',
    { 'data-workshop': id },
    element('th', { scope: 'row' }, element('a', { href: `${roomPath(language)}#${id}` }, title)),
    element('td', {}, `${clockTime(startsAt)} – ${clockTime(endsAt)}`),
    element('td', {}, `${present} / ${capacity}`),
    element('td', {}, element('span', { 'data-state': state }, icon(SIGNS[state]), ` ${t.states[state]}`)),
  );

export async function startWorkshops(): Promise<void> {
  const making = need('[data-new-workshop]');
  const open = need<HTMLButtonElement>('[data-open-new]');
  const form = startPlanForm(makeWorkshop, (made) => {
    if (made) return location.assign(`${roomPath(language)}#${made.id}`);
    making.hidden = true;
    open.focus();
  });
  open.addEventListener('click', () => {
    making.hidden = false;
    need<HTMLInputElement>('[name="title"]', making).focus();
  });
  const { workshops, places } = await readWorkshops();
  form.ready(places);
  need('[data-workshops]').replaceChildren(...workshops.map(row));
  need('[data-workshop-table]').hidden = workshops.length === 0;
  need('[data-no-workshop]').hidden = workshops.length > 0;
  need('[data-workshop-part]').hidden = false;
}
