/** The desk: who am I, and for the owner the rest. Who is not signed in is sent to do so. */
import { signInPath } from '../../i18n/index.ts';
import type { AccountView } from '../../protocol/accounts.ts';
import { Refusal } from '../api.ts';
import { onSubmit, reason, say } from '../form.ts';
import { language, need, words } from '../page.ts';
import { changePassword, readAccount, signOut, signOutEverywhere } from './api.ts';

const t = words.instructor.home;
const said = need('[data-said]');
const signedOut = (how = '') => location.replace(signInPath(language) + how);

function show(account: AccountView): void {
  need('[data-loading]').hidden = true;
  need('[data-name]').textContent = account.name;
  need('[data-role]').textContent = `${t.roles[account.role]} · ${account.login}`;
  need<HTMLInputElement>('[data-password] [name="login"]').value = account.login;
  need('[data-signed-in]').hidden = false;
  need('[data-own-password]').hidden = !account.hasPassword;
}

for (const [selector, leave] of [
  ['[data-sign-out]', signOut],
  ['[data-everywhere]', signOutEverywhere],
] as const)
  need(selector).addEventListener('click', async () => {
    try {
      await leave();
      signedOut('#signed-out');
    } catch (trouble) {
      if (trouble instanceof Refusal && trouble.code === 'sign-in-needed') signedOut();
      else say(said, reason(trouble), true);
    }
  });

const passwordForm = need<HTMLFormElement>('[data-password]');
onSubmit(passwordForm, need('[data-password-said]'), async (value) => {
  await changePassword(value('current'), value('password'));
  for (const field of passwordForm.querySelectorAll<HTMLInputElement>('[type="password"]')) field.value = '';
  return t.changed;
});

try {
  const account = await readAccount();
  show(account);
  const { startWorkshops } = await import('./workshops.ts');
  await startWorkshops();
  if (account.role === 'owner') {
    const { startOwner } = await import('./owner.ts');
    await startOwner(account.id);
  }
} catch (trouble) {
  if (trouble instanceof Refusal && trouble.code === 'sign-in-needed') signedOut();
  else {
    need('[data-loading]').hidden = true;
    say(said, reason(trouble), true);
  }
}
