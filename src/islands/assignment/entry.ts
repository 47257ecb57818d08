/** Coming in: by a personal link (its token behind #), or by a code to sign up with (#join=CODE). */
import { assignmentsPath, entryPath } from '../../i18n/assignment.ts';
import { onSubmit, reason } from '../form.ts';
import { language, need } from '../page.ts';
import { enter, lookAtCode, lookAtPersonalLink, signUp } from './api.ts';
import { showLink, startCopying, t } from './page.ts';
import { timeIn } from './time.ts';

const about = need('[data-about]');
const hash = location.hash.slice(1);
const code = /^join=([\w-]{1,40})$/.exec(hash)?.[1];
// A token is not to stay in the history, nor on the screen; the other language still needs it.
if (hash !== '') need<HTMLAnchorElement>('[data-language-switch]').hash = hash;
if (code === undefined) history.replaceState(null, '', location.pathname);

async function personal(token: string): Promise<void> {
  const { title, name, switches } = await lookAtPersonalLink(token);
  about.textContent = t.entry.personal(title, name);
  need('[data-switches]').hidden = !switches;
  need('[data-enter-words]').textContent = t.entry.enter(name);
  const form = need<HTMLFormElement>('[data-enter]');
  form.hidden = false;
  onSubmit(form, need('[data-enter-said]'), async () => {
    await enter(token);
    location.assign(assignmentsPath(language));
    return undefined;
  });
}

function done(title: string, name: string, token: string | null): void {
  about.textContent = t.entry.signedUp(title, name);
  need('[data-sign-up]').hidden = true;
  need('[data-go]').hidden = false;
  if (token !== null) showLink(`${location.origin}${entryPath(language)}#${token}`);
  about.focus();
}

async function byCode(wanted: string): Promise<void> {
  const { title, dueAt, timeZone, asksEmail, name } = await lookAtCode(wanted);
  if (name !== null) return done(title, name, null);
  about.textContent = t.entry.signUpFor(title, timeIn(dueAt, timeZone));
  const form = need<HTMLFormElement>('[data-sign-up]');
  const email = need<HTMLInputElement>('[name="email"]', form);
  need('[data-needs-email]').hidden = !asksEmail;
  email.required = asksEmail;
  form.hidden = false;
  onSubmit(form, need('[data-sign-up-said]'), async (value) => {
    const entered = await signUp(wanted, value('name'), asksEmail ? value('email') : null);
    done(entered.title, entered.name, entered.token);
    return undefined;
  });
}

startCopying(t.entry.copied);
try {
  if (code !== undefined) await byCode(code);
  else if (hash !== '') await personal(hash);
  else about.textContent = t.entry.noLink;
} catch (trouble) {
  about.textContent = reason(trouble);
}
