/** The owner's part of the desk: instructors, invitations, and the audit log. */
import { welcomePath } from '../../i18n/index.ts';
import type { Accounts, Audit, MadeLink } from '../../protocol/accounts.ts';
import { onSubmit, reason, say } from '../form.ts';
import { element, icon, language, need, words } from '../page.ts';
import { invite, makeLink, readAccounts, readAudit, revoke, setDisabled } from './api.ts';

const { people, audit } = words.instructor;
const minute = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
const second = new Intl.DateTimeFormat(language, { dateStyle: 'short', timeStyle: 'medium' });
const said = need('[data-said]');
const list = need('[data-people]');
const log = need('[data-audit]');
const older = need<HTMLButtonElement>('[data-older]');
let oldest: string | undefined;
let self = '';

type Person = Accounts['accounts'][number];
type Invitation = Accounts['invitations'][number];

/** @param act then everything is read anew */
function button(label: string, name: string, act: () => Promise<unknown>): HTMLButtonElement {
  const node = element(
    'button',
    { type: 'button', class: 'quiet-button', 'aria-label': `${label}: ${name}`, 'data-act': label },
    label,
  );
  node.addEventListener('click', async () => {
    node.disabled = true;
    try {
      await act();
      say(said, '');
      await refresh();
    } catch (trouble) {
      say(said, reason(trouble), true);
      said.scrollIntoView({ block: 'nearest' });
    } finally {
      node.disabled = false;
      // The row was made anew under whoever pressed its button.
      if (document.activeElement === document.body)
        list.querySelector<HTMLElement>(`[aria-label$="${CSS.escape(name)}"]`)?.focus();
    }
  });
  return node;
}

const row = (name: string, login: string, state: Node | string, ...actions: HTMLButtonElement[]) =>
  element(
    'tr',
    {},
    element('th', { scope: 'row' }, name),
    element('td', {}, login),
    element('td', {}, state),
    element('td', {}, element('div', { class: 'desk-row' }, ...actions)),
  );

const state = (sign: string, text: string) => element('span', { 'data-state': text }, icon(sign), ` ${text}`);

function person({ id, name, login, disabled }: Person): HTMLElement {
  const links = (['sign-in', 'reset'] as const).map((purpose) =>
    button(purpose === 'reset' ? people.resetLink : people.signInLink, name, async () =>
      showLink(name, await makeLink(id, purpose)),
    ),
  );
  const toggle = button(disabled ? people.enable : people.disable, name, () => setDisabled(id, !disabled));
  const actions = id === self ? [] : disabled ? [toggle] : [...links, toggle];
  const where = disabled ? state('lock', people.disabled) : state('circle-check', people.active);
  return row(name, login, where, ...actions);
}

const invitation = ({ id, note, expiresAt }: Invitation) =>
  row(
    note,
    '–',
    state('clock', people.until(minute.format(new Date(expiresAt)))),
    button(people.revoke, note, () => revoke(id)),
  );

function showLink(name: string, { token, expiresAt }: MadeLink): void {
  const field = need<HTMLInputElement>('[data-link-field]');
  field.value = `${location.origin}${welcomePath(language)}#${token}`;
  need('[data-link-text]').textContent = people.linkText(name, minute.format(new Date(expiresAt)));
  need('[data-copied]').textContent = '';
  need('[data-link]').hidden = false;
  need('#link-title').focus();
}

need('[data-copy]').addEventListener('click', async () => {
  const field = need<HTMLInputElement>('[data-link-field]');
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    need('[data-copied]').textContent = people.copied;
  } catch {
    // No clipboard without TLS: it is selected, for the person's own keys.
    field.focus();
  }
});

function entry({ at, byName, action, objectName, detail }: Audit['entries'][number]): HTMLElement {
  const { address, for: whom, ...others } = detail;
  const known = Object.entries(others).map(([key, value]) => audit.details[`${key}:${value}`] ?? `${key}: ${value}`);
  const target = objectName !== null && objectName !== byName ? objectName : undefined;
  const parts = [whom ?? target, ...known, address].filter((part): part is string => Boolean(part));
  return element(
    'tr',
    { 'data-action': action },
    element('td', {}, element('time', { datetime: at }, second.format(new Date(at)))),
    element('td', {}, byName ?? '–'),
    element('td', {}, audit.actions[action] ?? action),
    element('td', {}, parts.join(' · ')),
  );
}

function addEntries({ entries, more }: Audit): void {
  log.append(...entries.map(entry));
  oldest = entries.at(-1)?.id ?? oldest;
  older.hidden = !more;
}

older.addEventListener('click', async () => {
  try {
    addEntries(await readAudit(oldest));
  } catch (trouble) {
    say(said, reason(trouble), true);
  }
});

async function refresh(): Promise<void> {
  const [{ accounts, invitations }, newest] = await Promise.all([readAccounts(), readAudit()]);
  list.replaceChildren(...accounts.map(person), ...invitations.map(invitation));
  log.replaceChildren();
  addEntries(newest);
}

export async function startOwner(id: string): Promise<void> {
  self = id;
  await refresh();
  for (const part of document.querySelectorAll<HTMLElement>('[data-owner]')) part.hidden = false;
  const form = need<HTMLFormElement>('[data-invite]');
  onSubmit(form, said, async (value) => {
    showLink(value('note'), await invite(value('note')));
    form.reset();
    await refresh();
    return undefined;
  });
}
