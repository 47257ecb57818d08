/** Who belongs to an assignment: the roster's file, links, more time, taking out. */
import { entryPath } from '../../i18n/assignment.ts';
import type { Gradebook, RosterMember } from '../../protocol/assignments.ts';
import { instantOf, wallTime } from '../../protocol/time-zone.ts';
import { onSubmit, say } from '../form.ts';
import { element, need } from '../page.ts';
import { extend, importRoster, makeLinks, makeMemberLink, removeMember, setSignUp } from './desk-api.ts';
import { download, onClick, rowButton, showLink, startCopying, t } from './page.ts';
import { BadPlan } from './plan-form.ts';
import { shortTime } from './time.ts';

const words = t.desk.roster;
const said = need('[data-roster-said]');
/** What the dialog for more time is about. */
let asked: RosterMember | undefined;

export interface RosterParts {
  book(): Gradebook;
  /** Reads everything anew. */
  refresh(): Promise<void>;
}

function row(member: RosterMember, { book, refresh }: RosterParts): HTMLElement {
  const { id, rules, dueAt, closedAt } = book();
  const { name } = member;
  const due = shortTime(member.extension?.dueAt ?? dueAt, rules.timeZone);
  const more =
    member.extension && element('span', { class: 'small' }, ` ${t.desk.gradebook.more}: ${member.extension.reason}`);
  const link = rowButton(words.link, name, async () => {
    const { token } = await makeMemberLink(id, member.id);
    need('#link-title').textContent = words.linkFor(name);
    showLink(`${location.origin}${entryPath(book().language)}#${token}`);
    need('#link-title').focus();
  });
  const time = rowButton(words.extend, name, async () => askExtension(member, book()));
  const out = rowButton(words.remove, name, async () => {
    if (!confirm(words.removeSure(name))) return;
    await removeMember(id, member.id);
    await refresh();
  });
  const actions = closedAt === null ? [link, time, out] : [link];
  return element(
    'tr',
    { 'data-roster-member': member.id },
    element(
      'th',
      { scope: 'row' },
      name,
      member.state === 'invited' && element('span', { class: 'small' }, ` ${t.desk.gradebook.notYet}`),
    ),
    element('td', {}, member.email ?? '–'),
    element('td', {}, due, more),
    element('td', {}, element('div', { class: 'desk-row' }, ...actions)),
  );
}

function askExtension(member: RosterMember, book: Gradebook): void {
  asked = member;
  const { timeZone } = book.rules;
  need('#extend-title').textContent = words.extendFor(member.name);
  need('[data-extend-zone]').textContent = timeZone;
  need<HTMLInputElement>('[name="extend-until"]').value = wallTime(
    Date.parse(member.extension?.dueAt ?? book.dueAt),
    timeZone,
  );
  need<HTMLInputElement>('[name="extend-reason"]').value = member.extension?.reason ?? '';
  need('[data-extend-end]').hidden = member.extension === null;
  say(need('[data-extend-said]'), '');
  need<HTMLDialogElement>('#dialog-extend').showModal();
}

function startExtension({ book, refresh }: RosterParts): void {
  const dialog = need<HTMLDialogElement>('#dialog-extend');
  const form = need<HTMLFormElement>('form', dialog);
  const give = async (dueAt: string | null, reason: string) => {
    if (asked) await extend(book().id, asked.id, dueAt, reason);
    dialog.close();
    await refresh();
  };
  onSubmit(form, need('[data-extend-said]'), async (value) => {
    const until = instantOf(value('extend-until'), book().rules.timeZone);
    if (until === undefined) throw new BadPlan(t.desk.form.badTime);
    await give(new Date(until).toISOString(), value('extend-reason'));
    return undefined;
  });
  onClick(need<HTMLButtonElement>('[data-extend-end]'), () => give(null, words.endReason));
  need('[data-extend-cancel]').addEventListener('click', () => dialog.close());
}

function showSignUp({ joinCode, language: of }: Gradebook): void {
  const field = need<HTMLInputElement>('[data-code-field]');
  const shown = joinCode === null ? '' : `${joinCode.slice(0, 4)}-${joinCode.slice(4)}`;
  field.value = joinCode === null ? '' : `${location.origin}${entryPath(of)}#join=${shown}`;
  need('[data-code-shown]').hidden = joinCode === null;
  need('[data-code-none]').hidden = joinCode !== null;
  need('[data-code-on]').textContent = joinCode === null ? words.codeOn : words.codeNew;
  need('[data-code-off]').hidden = joinCode === null;
}

export function showRoster(parts: RosterParts): void {
  const book = parts.book();
  need('[data-roster]').replaceChildren(...book.members.map((member) => row(member, parts)));
  need('[data-roster-table]').hidden = book.members.length === 0;
  showSignUp(book);
  const waiting = book.members.some(({ state }) => state === 'invited');
  need('[data-links-part]').hidden = !waiting;
}

export function startRoster(parts: RosterParts): void {
  const { book, refresh } = parts;
  startCopying(t.entry.copied);
  startExtension(parts);
  const form = need<HTMLFormElement>('[data-import]');
  onSubmit(form, said, async () => {
    const file = need<HTMLInputElement>('[name="roster"]', form).files?.[0];
    const problems = need('[data-problems]');
    problems.replaceChildren();
    if (!file) return undefined;
    const answer = await importRoster(book().id, file);
    if (answer.problems.length > 0) {
      const lines = answer.problems.map(({ line, code, other }) => words.line(line, words.problem[code], other));
      problems.replaceChildren(...lines.map((text) => element('li', {}, text)));
      throw new BadPlan(words.problems);
    }
    form.reset();
    await refresh();
    return words.imported(answer.added, answer.known);
  });
  onClick(need<HTMLButtonElement>('[data-links]'), async () => {
    const { csv } = await makeLinks(book().id);
    download('links.csv', 'text/csv', csv);
    say(said, words.linksDone);
  });
  onClick(need<HTMLButtonElement>('[data-code-on]'), () => setSignUp(book().id, true).then(refresh));
  onClick(need<HTMLButtonElement>('[data-code-off]'), () => setSignUp(book().id, false).then(refresh));
}
