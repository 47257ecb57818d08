/** The owner's page about learning platforms: registering, links, what has not arrived. */
import { signInPath } from '../../i18n/index.ts';
import type { PlatformPlan, Platforms, PlatformView } from '../../protocol/lti.ts';
import { ask, Refusal } from '../api.ts';
import { onSubmit, reason, say } from '../form.ts';
import { element, language, need, words } from '../page.ts';

const t = words.lti.platforms;
const said = need('[data-said]');
const form = need<HTMLFormElement>('[data-platform]');
const minute = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
const time = (at: string) => element('time', { datetime: at }, minute.format(new Date(at)));
const at = (path: string) => `/api/instructor/lti${path}?language=${language}`;
const changed = (method: 'POST' | 'PUT' | 'DELETE', path: string, sent?: object) =>
  ask(({ changedSchema }) => changedSchema, method, at(path), sent);
/** Of the platform whose registration is in the form. */
let editing: PlatformView | undefined;

function button(label: string, name: string, act: () => Promise<unknown>): HTMLButtonElement {
  const node = element('button', { type: 'button', class: 'quiet-button', 'aria-label': `${label}: ${name}` }, label);
  node.addEventListener('click', async () => {
    node.disabled = true;
    try {
      say(said, '');
      await act();
    } catch (trouble) {
      say(said, reason(trouble), true);
      said.scrollIntoView({ block: 'nearest' });
    } finally {
      node.disabled = false;
    }
  });
  return node;
}

const row = (title: string, ...cells: (Node | string)[]) =>
  element('tr', {}, element('th', { scope: 'row' }, title), ...cells.map((cell) => element('td', {}, cell)));

function fill(name: 'platforms' | 'links' | 'stuck', rows: HTMLElement[]): void {
  need(`[data-empty="${name}"]`).hidden = rows.length > 0;
  const table = need(`[data-table="${name}"]`);
  table.hidden = rows.length === 0;
  need('tbody', table).replaceChildren(...rows);
}

const platform = (one: PlatformView) =>
  row(
    one.name,
    one.issuer,
    one.clientId,
    element(
      'div',
      { class: 'desk-row' },
      button(t.edit, one.name, async () => edit(one)),
      button(t.remove, one.name, async () => {
        if (!confirm(t.sure(one.name))) return;
        await changed('DELETE', `/platforms/${one.id}`);
        if (editing?.id === one.id) edit(undefined);
        await refresh();
      }),
    ),
  );

const link = ({ title, contextTitle, platformName, lab, seenAt }: Platforms['links'][number]) =>
  row(title || '–', contextTitle || '–', platformName, lab ?? t.noLab, time(seenAt));

const stuck = ({ id, name, title, contextTitle, score, error, nextTryAt }: Platforms['stuck'][number]) => {
  const shown = name ?? words.lti.link.unnamed;
  const give = button(words.lti.link.end, shown, async () => {
    await changed('DELETE', `/scores/${id}`);
    await refresh();
  });
  return row(shown, [title, contextTitle].filter(Boolean).join(' · '), String(score), error, time(nextTryAt), give);
};

/** Into the form; without one, an empty form for a new one. */
function edit(one: PlatformView | undefined): void {
  editing = one;
  form.reset();
  for (const field of form.querySelectorAll('input')) {
    const value = one?.[field.name as keyof PlatformView];
    field.value = Array.isArray(value) ? value.join(', ') : String(value ?? '');
  }
  need('[data-hand-title]').textContent = one ? t.changeTitle(one.name) : t.byHand;
  need('[data-submit]').textContent = one ? t.save : t.add;
  need('[data-cancel]').hidden = !one;
  if (one) need('[data-hand-title]').focus();
}
need('[data-cancel]').addEventListener('click', () => edit(undefined));

function plan(value: (name: string) => string): PlatformPlan {
  const text = (name: string) => value(name).trim();
  const issuer = text('issuer');
  return {
    ...{ name: text('name'), issuer, clientId: text('clientId') },
    ...{ authUrl: text('authUrl'), tokenUrl: text('tokenUrl'), jwksUrl: text('jwksUrl') },
    tokenAudience: text('tokenAudience') || null,
    pageOrigin: text('pageOrigin').replace(/\/$/, '') || (URL.canParse(issuer) ? new URL(issuer).origin : ''),
    deployments: text('deployments')
      .split(/[,\s]+/)
      .filter(Boolean),
  };
}

onSubmit(form, need('[data-platform-said]'), async (value) => {
  const wanted = plan(value);
  const old = editing;
  await changed(old ? 'PUT' : 'POST', old ? `/platforms/${old.id}` : '/platforms', wanted);
  edit(undefined);
  await refresh();
  return old ? t.saved(wanted.name) : t.added(wanted.name);
});

need('[data-make-link]').addEventListener('click', async () => {
  try {
    say(said, '');
    const { token, expiresAt } = await ask(({ madeLinkSchema }) => madeLinkSchema, 'POST', at('/registrations'));
    need<HTMLInputElement>('[data-link-field]').value = `${location.origin}/lti/register?link=${token}`;
    need('[data-link-text]').textContent = t.linkText(minute.format(new Date(expiresAt)));
    need('[data-copied="link"]').textContent = '';
    need('[data-link]').hidden = false;
    need('#link-title').focus();
  } catch (trouble) {
    say(said, reason(trouble), true);
  }
});

for (const copy of document.querySelectorAll<HTMLButtonElement>('[data-copy]'))
  copy.addEventListener('click', async () => {
    const name = copy.dataset.copy ?? '';
    const field = need<HTMLInputElement>(name === 'link' ? '[data-link-field]' : `[data-ours="${name}"]`);
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      need(`[data-copied="${name}"]`).textContent = t.copied;
    } catch {
      // No clipboard without TLS: it is selected, for the person's own keys.
      field.focus();
    }
  });

for (const [name, path] of [
  ['login', 'login'],
  ['launch', 'launch'],
  ['keys', 'jwks.json'],
] as const)
  need<HTMLInputElement>(`[data-ours="${name}"]`).value = `${location.origin}/lti/${path}`;

async function refresh(): Promise<void> {
  const known = await ask(({ platformsSchema }) => platformsSchema, 'GET', at(''));
  fill('platforms', known.platforms.map(platform));
  fill('links', known.links.map(link));
  fill('stuck', known.stuck.map(stuck));
}

try {
  await refresh();
  need('[data-page]').hidden = false;
} catch (trouble) {
  if (trouble instanceof Refusal && trouble.code === 'sign-in-needed') location.replace(signInPath(language));
  else say(said, reason(trouble), true);
}
need('[data-loading]').hidden = true;
