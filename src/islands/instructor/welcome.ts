/** A one-time link is looked at, then used by a form. */
import { instructorPath } from '../../i18n/index.ts';
import type { LinkView } from '../../protocol/accounts.ts';
import { onSubmit, reason } from '../form.ts';
import { language, need, words } from '../page.ts';
import { lookAtLink, redeemLink } from './api.ts';

const t = words.instructor.welcome;
const about = need('[data-about]');
const form = need<HTMLFormElement>('[data-welcome]');
const token = location.hash.slice(1);
// Not to stay in the history, nor on the screen for who looks over a shoulder; the other language still needs it.
history.replaceState(null, '', location.pathname);
if (token !== '') need<HTMLAnchorElement>('[data-language-switch]').hash = token;

function show({ purpose, login }: LinkView): void {
  const needed = { name: login === null, login: login === null, password: purpose !== 'sign-in' };
  for (const [name, isNeeded] of Object.entries(needed)) {
    const field = need(`[data-needs="${name}"]`);
    field.hidden = !isNeeded;
    need<HTMLInputElement>('input', field).required = isNeeded;
  }
  if (login === null) about.textContent = purpose === 'owner' ? t.owner : t.invite;
  else about.textContent = purpose === 'sign-in' ? t['sign-in'](login) : t.reset(login);
  need('[data-do]').textContent = login === null ? t.make : purpose === 'sign-in' ? t.enter : t.set;
  // A password manager keeps the new password under this name.
  if (login !== null) need<HTMLInputElement>('[name="login"]').value = login;
  form.hidden = false;
  onSubmit(form, need('[data-said]'), async (value) => {
    const made = needed.name ? { name: value('name'), login: value('login') } : {};
    await redeemLink(token, { ...made, ...(needed.password && { password: value('password') }) });
    location.assign(instructorPath(language));
    return undefined;
  });
}

if (token === '') about.textContent = t.noLink;
else
  try {
    show(await lookAtLink(token));
  } catch (trouble) {
    about.textContent = reason(trouble);
  }
