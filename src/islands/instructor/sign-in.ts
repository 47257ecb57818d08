/** Signing in by password. */
import { instructorPath } from '../../i18n/index.ts';
import { onSubmit, say } from '../form.ts';
import { language, need, words } from '../page.ts';
import { readWays, signIn } from './api.ts';

const said = need('[data-said]');
const t = words.instructor.signIn;
const why = location.hash.slice(1);
if (why === 'signed-out') say(said, t.ended);
else if (Object.hasOwn(t.oidcRefused, why)) say(said, t.oidcRefused[why] ?? '', true);

onSubmit(need<HTMLFormElement>('[data-sign-in]'), said, async (value) => {
  await signIn(value('login'), value('password'));
  location.assign(instructorPath(language));
  return undefined;
});

try {
  need('[data-oidc]').hidden = !(await readWays()).oidc;
} catch {
  // The password's form says so when it is sent.
}
