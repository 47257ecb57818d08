/** An instructor's tokens for programs, and what those can ask. */
import type { Tokens } from '../../protocol/api-tokens.ts';
import { ask as askServer } from '../api.ts';
import { onSubmit } from '../form.ts';
import { element, language, need } from '../page.ts';
import { rowButton, showLink, startCopying, t, trouble } from './page.ts';

const words = t.api;
const day = new Intl.DateTimeFormat(language, { dateStyle: 'medium' });
const minute = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
const at = (path = '') => `/api/instructor/tokens${path}?language=${language}`;
const schemas = () => import('../../protocol/api-tokens.ts');

const read = () => askServer(async () => (await schemas()).tokensSchema, 'GET', at());
const make = (name: string, scopes: string[], days: number) =>
  askServer(async () => (await schemas()).madeTokenSchema, 'POST', at(), { name, scopes, days });
const revoke = (id: string) => askServer(async () => (await schemas()).tokenIdSchema, 'DELETE', at(`/${id}`));

function row({ id, name, scopes, expiresAt, usedAt }: Tokens['tokens'][number]): HTMLElement {
  const over = Date.parse(expiresAt) <= Date.now();
  const end = rowButton(words.revoke, name, async () => {
    await revoke(id);
    await refresh();
  });
  return element(
    'tr',
    {},
    element('th', { scope: 'row' }, name),
    element('td', { 'data-label': words.columns.may }, scopes.map((scope) => words.scope[scope] ?? scope).join('; ')),
    element('td', { 'data-label': words.columns.ends }, over ? words.ended : day.format(new Date(expiresAt))),
    element(
      'td',
      { 'data-label': words.columns.used },
      usedAt === null ? words.never : minute.format(new Date(usedAt)),
    ),
    element('td', {}, end),
  );
}

async function refresh(): Promise<void> {
  const { tokens } = await read();
  need('[data-tokens]').replaceChildren(...tokens.map(row));
  need('[data-none]').hidden = tokens.length > 0;
  need('[data-table]').hidden = tokens.length === 0;
}

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { summary: string; 'x-scope': string }>>>>;
}

/** The same document that programs read. */
async function showOperations(): Promise<void> {
  const response = await fetch('/api/openapi.json');
  if (!response.ok) throw new Error(t.api.operations);
  const { paths } = (await response.json()) as Description;
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { summary, 'x-scope': scope }]) =>
      element(
        'div',
        {},
        element('dt', {}, element('code', {}, `${method.toUpperCase()} ${path}`)),
        element('dd', {}, `${summary} `, element('span', { class: 'small' }, scope)),
      ),
    ),
  );
  need('[data-operations]').replaceChildren(...all);
}

const form = need<HTMLFormElement>('[data-new-token]');
onSubmit(form, need('[data-form-said]'), async (value) => {
  const scopes = new FormData(form).getAll('scope').map(String);
  const { token } = await make(value('name'), scopes, Number(value('days')));
  showLink(token);
  need('#link-title').focus();
  form.reset();
  await refresh();
  return undefined;
});
startCopying(t.entry.copied);
try {
  await Promise.all([refresh(), showOperations()]);
  need('[data-all]').hidden = false;
} catch (error) {
  trouble(error);
} finally {
  need('[data-loading]').hidden = true;
}
