/** Joining by a code in one step, or coming back by a personal link. The code of a QR code stands after `#`. */
import { placePath } from '../../i18n/index.ts';
import { Refusal } from '../api.ts';
import { onSubmit, reason, say } from '../form.ts';
import { language, need, words } from '../page.ts';
import { comeBack, join, lookAtCode } from './api.ts';

const t = words.workshop.join;
const form = need<HTMLFormElement>('[data-join]');
const said = need('[data-said]');
const into = need('[data-into]');
const email = need('[data-email]');
const field = (name: string) => need<HTMLInputElement>(`[name="${name}"]`, form);
const [kind, token = ''] = location.hash.slice(1).split('=');
const goOn = () => location.assign(placePath(language));

function needEmail(): void {
  email.hidden = false;
  field('email').required = true;
}

/** Which workshop a whole code is of, so that nobody joins the wrong one. */
async function look(): Promise<void> {
  into.textContent = '';
  need('[data-there]').hidden = true;
  if (field('code').value.replace(/[^a-z\d]/gi, '').length !== 8) return;
  try {
    const { title, asksEmail, name } = await lookAtCode(field('code').value);
    say(said, '');
    if (asksEmail) needEmail();
    if (name === null) into.textContent = t.into(title);
    else {
      need('[data-there-text]').textContent = t.there(name, title);
      need('[data-there]').hidden = false;
    }
  } catch (trouble) {
    say(said, reason(trouble), true);
  }
}

let fresh = false;
async function send(value: (name: string) => string): Promise<undefined> {
  const address = value('email').trim();
  try {
    const sent = { code: value('code'), name: value('name').trim(), ...(address && { email: address }), fresh };
    const link = await join(sent);
    // Shown on the next page, and only there.
    if (link !== null) sessionStorage.setItem('workshop-link', link);
  } catch (trouble) {
    if (trouble instanceof Refusal && trouble.code === 'email-needed' && email.hidden) {
      needEmail();
      field('email').focus();
    }
    throw trouble;
  }
  goOn();
  return undefined;
}

if (kind === 'me') {
  history.replaceState(null, '', location.pathname);
  need<HTMLAnchorElement>('[data-language-switch]').hash = `me=${token}`;
  need('[data-by-code]').hidden = true;
  need('[data-by-link]').hidden = false;
  onSubmit(need<HTMLFormElement>('[data-back]'), need('[data-back-said]'), async () => {
    await comeBack(token);
    goOn();
    return undefined;
  });
} else {
  if (kind) {
    field('code').value = `${kind.slice(0, 4)}-${kind.slice(4)}`;
    need<HTMLAnchorElement>('[data-language-switch]').hash = kind;
    field('name').focus();
    void look();
  }
  field('code').addEventListener('change', look);
  need('[data-go-on]').addEventListener('click', goOn);
  need('[data-other]').addEventListener('click', () => {
    fresh = true;
    need('[data-there]').hidden = true;
    field('name').focus();
  });
  onSubmit(form, said, send);
}
