/** One submission: evidence, today's grader on its snapshot, points given instead. */
import { deskAssignmentPath } from '../../i18n/assignment.ts';
import type { Replay, SubmissionView } from '../../protocol/assignments.ts';
import { onSubmit, say } from '../form.ts';
import { element, icon, language, need } from '../page.ts';
import { at, givePoints, readSubmission, replay, takeBack } from './desk-api.ts';
import { keepAddress, labTitle, onClick, rowButton, t, trouble } from './page.ts';
import { timeIn } from './time.ts';

const words = t.review;
const place = new URLSearchParams(location.search);
const [assignment, id] = [place.get('assignment') ?? '', place.get('id') ?? ''];
const form = need<HTMLFormElement>('[data-give]');
let view: SubmissionView;

type Judged = SubmissionView['checks'][number];
const stateIcons = { passed: 'circle-check', failed: 'x', error: 'triangle-alert', notApplicable: 'minus' } as const;

function check({ id: name, title, weight, status, evidence, reason }: Judged): HTMLElement {
  const rows = evidence.flatMap(({ source, expected, actual }) => [
    [words.where, source],
    [words.expected, expected],
    [words.actual, actual],
  ]);
  return element(
    'details',
    { 'data-check': name, 'data-state': status, class: 'assignment-check' },
    element(
      'summary',
      {},
      icon(stateIcons[status]),
      ` ${title} `,
      element('span', { class: 'small' }, `${words.status[status]} · ${weight}`),
    ),
    reason !== null && element('p', {}, reason),
    element('dl', {}, ...rows.flatMap(([term, text]) => [element('dt', {}, term!), element('dd', {}, text!)])),
  );
}

function facts({ submission: one, assignment: of, score, parameters }: SubmissionView): [string, string][] {
  const percent = one.latePercent > 0 ? `−${one.latePercent} %` : '';
  return [
    [
      words.graded,
      one.graded === null ? t.states[one.state] : `${one.graded}${score === one.graded ? '' : ` (${score})`}`,
    ],
    ...(one.daysLate > 0 ? [[words.late, `${t.day(one.daysLate)} ${percent}`] as [string, string]] : []),
    [words.worth, one.points === null ? '–' : t.points(one.points, 100)],
    [words.counts, one.counts ? words.yes : words.no],
    [
      words.values,
      Object.entries(parameters)
        .map(([name, value]) => `${name} = ${value}`)
        .join(', ') || '–',
    ],
    [words.at, timeIn(one.askedAt, of.timeZone)],
  ];
}

function showGiven({ overrides, assignment: of }: SubmissionView): void {
  const rows = overrides.map(({ id: override, ofLab, points, reason, by, madeAt, revertedAt }) => {
    const what = ofLab ? words.ofLab(points) : words.ofSubmission(points);
    const back = rowButton(words.takeBack, what, async () => {
      await takeBack(assignment, override);
      await refresh();
    });
    return element(
      'tr',
      {},
      element('th', { scope: 'row' }, what),
      element('td', {}, reason),
      element('td', {}, words.by(by, timeIn(madeAt, of.timeZone))),
      element(
        'td',
        {},
        revertedAt === null ? element('div', { class: 'desk-row' }, words.inForce, back) : words.takenBack,
      ),
    );
  });
  need('[data-given]').replaceChildren(...rows);
  need('[data-given-table]').hidden = rows.length === 0;
  need('[data-none-given]').hidden = rows.length > 0;
}

function show(): void {
  const { member, submission, checks, assignment: of } = view;
  const title = words.of(labTitle(submission.lab), member.name);
  document.title = `${title} · Toride`;
  need('[data-title]').textContent = title;
  need('[data-of]').textContent = of.title;
  need('[data-facts]').replaceChildren(
    ...facts(view).flatMap(([term, text]) => [element('dt', {}, term), element('dd', {}, text)]),
  );
  need('[data-checks]').replaceChildren(...checks.map(check));
  showGiven(view);
}

function showReplay({ score, points, status, checks }: Replay): void {
  const changed = checks.filter(({ change }) => change !== 'none');
  const verdicts = checks.filter(({ change }) => ['verdict', 'new', 'gone'].includes(change)).length;
  const said = verdicts === 0 && changed.length === 0 ? words.same : words.changes(verdicts);
  need('[data-replay-said]').textContent = `${said} ${words.scoreNow(points.before, points.after)}`;
  const told = (judged: Replay['checks'][number]['before']) => (judged ? words.status[judged.status] : '–');
  need('[data-replayed]').replaceChildren(
    ...checks.map(({ title, before, after, change }) =>
      element(
        'tr',
        { 'data-change': change },
        element('th', { scope: 'row' }, title),
        element('td', { 'data-label': words.columns.before }, told(before)),
        element('td', { 'data-label': words.columns.after }, told(after)),
        element('td', {}, change === 'none' ? words.change.none : element('strong', {}, words.change[change])),
      ),
    ),
  );
  need('[data-replay-table]').hidden = false;
  const differs = points.after !== points.before || score.after !== score.before;
  need('[data-take]').hidden = !differs || status.after === 'ungraded';
  need('[data-no-take]').hidden = status.after !== 'ungraded';
}

/** Puts the points into the form: it is the instructor who gives them. */
function offer(points: number): void {
  need<HTMLInputElement>('[name="points"]', form).value = String(points);
  need<HTMLTextAreaElement>('[name="reason"]', form).value = words.takeReason;
  need<HTMLSelectElement>('[name="to"]', form).value = 'submission';
  need('[name="reason"]', form).focus();
}

async function refresh(): Promise<void> {
  view = await readSubmission(assignment, id);
  show();
}

keepAddress();
onSubmit(form, need('[data-give-said]'), async (value) => {
  const { member, submission } = view;
  const to = value('to') === 'lab' ? null : submission.id;
  const points = Number(value('points'));
  await givePoints(assignment, {
    member: member.id,
    lab: submission.lab,
    submission: to,
    points,
    reason: value('reason'),
  });
  form.reset();
  await refresh();
  return undefined;
});
onClick(need<HTMLButtonElement>('[data-replay]'), async () => {
  const replayed = await replay(assignment, id);
  showReplay(replayed);
  need<HTMLButtonElement>('[data-take]').onclick = () => offer(replayed.points.after);
});
if (assignment === '' || id === '') say(need('[data-said]'), words.notFound, true);
else
  try {
    need<HTMLAnchorElement>('[data-back]').href = deskAssignmentPath(language, assignment);
    need<HTMLAnchorElement>('[data-snapshot]').href = at(
      `/${encodeURIComponent(assignment)}/submissions/${encodeURIComponent(id)}/snapshot`,
    );
    await refresh();
    need('[data-all]').hidden = false;
  } catch (error) {
    trouble(error);
  }
need('[data-loading]').hidden = true;
