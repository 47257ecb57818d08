/** Signing in by password. */
import { instructorPath } from '../../i18n/index.ts';
import { language, need, words } from '../page.ts';
import { signIn } from './api.ts';
import { onSubmit, say } from './form.ts';

const said = need('[data-said]');
if (location.hash === '#signed-out') say(said, words.instructor.signIn.ended);

onSubmit(need<HTMLFormElement>('[data-sign-in]'), said, async (value) => {
  await signIn(value('login'), value('password'));
  location.assign(instructorPath(language));
  return undefined;
});
