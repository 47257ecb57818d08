/** A learner's assignments: what counts, until when, and how they stand. */
import { entryPath } from '../../i18n/assignment.ts';
import { labPath } from '../../i18n/index.ts';
import type { GradedSubmission, LabGrade, OwnAssignment } from '../../protocol/assignments.ts';
import { reason } from '../form.ts';
import { element, icon, language, need } from '../page.ts';
import { readAssignments } from './api.ts';
import { labTitle, t } from './page.ts';
import { ruleSentences } from './rules.ts';
import { shortTime } from './time.ts';

const phaseIcons = {
  before: 'clock',
  open: 'circle-dot',
  late: 'triangle-alert',
  over: 'lock',
  closed: 'lock',
} as const;

function submissionLine(one: GradedSubmission, timeZone: string): HTMLElement {
  const said = [
    one.points === null ? t.states[one.state] : t.points(one.points, 100),
    one.daysLate > 0 && one.points !== null && t.own.late(t.day(one.daysLate), one.latePercent),
    one.override && t.own.override(one.override.points, one.override.reason, one.override.by),
  ].filter((text): text is string => Boolean(text));
  return element(
    'li',
    { 'data-submission': one.id, 'data-state': one.state },
    element('time', { datetime: one.askedAt }, shortTime(one.askedAt, timeZone)),
    ` ${said.join(' · ')}`,
    one.counts && element('strong', { class: 'assignment-counts' }, icon('check'), t.own.counts),
  );
}

function labRow(grade: LabGrade, timeZone: string): HTMLElement {
  const { lab, points, maxPoints, left, override, submissions } = grade;
  const list = element(
    'ul',
    { class: 'assignment-submissions' },
    ...submissions.map((one) => submissionLine(one, timeZone)),
  );
  return element(
    'tr',
    { 'data-lab-row': lab },
    element('th', { scope: 'row' }, element('a', { href: labPath(language, lab) }, labTitle(lab))),
    element(
      'td',
      { 'data-points': '', 'data-label': t.own.grade },
      points === null ? '–' : t.points(points, maxPoints),
    ),
    element('td', { 'data-left': '', 'data-label': t.own.left }, left === null ? t.own.any : String(left)),
    element(
      'td',
      {},
      submissions.length === 0 ? element('span', { class: 'quiet' }, t.own.nothing) : list,
      override && element('p', {}, t.own.overrideOfLab(override.points, override.reason, override.by)),
    ),
  );
}

function assignment(own: OwnAssignment): HTMLElement {
  const head = [t.own.lab, t.own.grade, t.own.left, t.own.submissions].map((text) =>
    element('th', { scope: 'col' }, text),
  );
  const sentences = ruleSentences({ ...own, dueAt: own.ownDueAt });
  return element(
    'section',
    { 'aria-labelledby': `title-${own.id}`, 'data-assignment': own.id, 'data-phase': own.phase },
    element('h2', { id: `title-${own.id}` }, own.title),
    element(
      'p',
      { class: 'assignment-phase' },
      icon(phaseIcons[own.phase]),
      ` ${t.phases[own.phase]} · `,
      element('strong', {}, t.points(own.points, own.maxPoints)),
      ` · ${own.name}`,
    ),
    element(
      'ul',
      { class: 'assignment-rules' },
      ...sentences.map((text) => element('li', {}, text)),
      own.extended && element('li', {}, t.rules.extended),
    ),
    element(
      'table',
      { class: 'desk-table' },
      element('thead', {}, element('tr', {}, ...head)),
      element('tbody', {}, ...own.grades.map((grade) => labRow(grade, own.rules.timeZone))),
    ),
  );
}

need<HTMLFormElement>('[data-code]').addEventListener('submit', (event) => {
  event.preventDefault();
  const code = need<HTMLInputElement>('[name="code"]').value.replace(/[^\w-]/g, '');
  if (code !== '') location.assign(`${entryPath(language)}#join=${code}`);
});

const place = need('[data-assignments]');
const loading = need('[data-loading]');
try {
  const { assignments } = await readAssignments();
  loading.hidden = true;
  need('[data-none]').hidden = assignments.length > 0;
  place.replaceChildren(...assignments.map(assignment));
} catch (trouble) {
  loading.textContent = reason(trouble);
}
