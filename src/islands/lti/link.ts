/** A link of a course: its lab, who has come by it, which scores have arrived. */
import type { LtiLinkView } from '../../protocol/lti.ts';
import { ask } from '../api.ts';
import { reason, say } from '../form.ts';
import { element, icon, language, need, words } from '../page.ts';

const t = words.lti.link;
const said = need('[data-said]');
const people = need('[data-people]');
const at = (path = '') => `/api/lti/link${path}?language=${language}`;

type Person = LtiLinkView['people'][number];

const SIGNS = { none: 'circle', waiting: 'clock', sent: 'circle-check', ended: 'x' } as const;

function state({ id, state: now, error }: Person): Node {
  if (id === null) return document.createTextNode(t.notCome);
  const line = element('span', { 'data-state': now }, icon(SIGNS[now]), ` ${t.states[now]}`);
  if (now !== 'waiting' || error === null) return line;
  return element('div', {}, line, element('p', { class: 'small' }, t.retried(error)));
}

function row(person: Person): HTMLElement {
  const { id, name, score, maxScore, passed } = person;
  const shown = name ?? t.unnamed;
  const points = score === null ? '–' : t.points(String(score), String(maxScore));
  const end = element('button', { type: 'button', class: 'quiet-button', 'aria-label': `${t.end}: ${shown}` }, t.end);
  end.addEventListener('click', () =>
    act(async () => {
      await ask(({ changedSchema }) => changedSchema, 'DELETE', at(`/scores/${id}`));
      show(await read());
    }),
  );
  return element(
    'tr',
    {},
    element('th', { scope: 'row' }, shown),
    element('td', {}, passed ? `${points} · ${t.passed}` : points),
    element('td', {}, state(person)),
    element('td', {}, person.state === 'waiting' && end),
  );
}

function show(link: LtiLinkView): void {
  need('[data-title]').textContent = link.title || t.title;
  need('[data-about]').textContent = t.about(link.contextTitle, link.platformName);
  need('[data-has-lab]').hidden = link.lab === null;
  need('[data-no-lab]').hidden = link.lab !== null;
  for (const lab of document.querySelectorAll<HTMLElement>('[data-lab]')) lab.hidden = lab.dataset.lab !== link.lab;
  const members = { told: '', absent: t.noMembers, failed: t.membersFailed }[link.members];
  need('[data-note]').textContent = [link.grades ? '' : t.noGrades, members].filter(Boolean).join(' ');
  need('[data-nobody]').hidden = link.people.length > 0;
  need('[data-table]').hidden = link.people.length === 0;
  people.replaceChildren(...link.people.map(row));
  need('[data-link]').hidden = false;
}

const read = () => ask(({ ltiLinkSchema }) => ltiLinkSchema, 'GET', at());

async function act(what: () => Promise<void>): Promise<void> {
  try {
    say(said, '');
    await what();
  } catch (trouble) {
    say(said, reason(trouble), true);
  }
}

need('[data-again]').addEventListener('click', () => act(async () => show(await read())));
for (const button of document.querySelectorAll<HTMLButtonElement>('[data-choose]'))
  button.addEventListener('click', () =>
    act(async () => {
      const lab = button.dataset.choose ?? '';
      show(await ask(({ ltiLinkSchema }) => ltiLinkSchema, 'PUT', at('/lab'), { lab }));
    }),
  );

await act(async () => show(await read()));
