/** An instructor's assignments, and making one. */
import { deskAssignmentPath } from '../../i18n/assignment.ts';
import type { AssignmentList } from '../../protocol/assignments.ts';
import { onSubmit } from '../form.ts';
import { element, language, need } from '../page.ts';
import { makeAssignment, readList } from './desk-api.ts';
import { t, trouble } from './page.ts';
import { readPlan, startPlanForm, suggestPlan } from './plan-form.ts';
import { shortTime } from './time.ts';

const form = need<HTMLFormElement>('[data-new]');

function row(one: AssignmentList['assignments'][number]): HTMLElement {
  const over = Date.parse(one.dueAt) < Date.now();
  const state = one.closed ? t.phases.closed : over ? t.phases.over : t.phases.open;
  const before = Date.parse(one.opensAt) > Date.now();
  return element(
    'tr',
    {},
    element('th', { scope: 'row' }, element('a', { href: deskAssignmentPath(language, one.id) }, one.title)),
    element('td', {}, `${shortTime(one.dueAt, one.rules.timeZone)} (${one.rules.timeZone})`),
    element('td', {}, `${t.desk.columns.handedIn}: ${one.handedIn} / ${one.members}`),
    element('td', {}, before ? t.phases.before : state),
  );
}

startPlanForm(form);
suggestPlan(form);
onSubmit(form, need('[data-form-said]'), async () => {
  const signUp = need<HTMLInputElement>('[name="sign-up"]', form).checked;
  const { id } = await makeAssignment(readPlan(form), signUp);
  location.assign(deskAssignmentPath(language, id));
  return undefined;
});
try {
  const { assignments } = await readList();
  need('[data-loading]').hidden = true;
  need('[data-none]').hidden = assignments.length > 0;
  need('[data-table]').hidden = assignments.length === 0;
  need('[data-list]').replaceChildren(...assignments.map(row));
  need('[data-new-part]').hidden = false;
} catch (error) {
  need('[data-loading]').hidden = true;
  trouble(error);
}
