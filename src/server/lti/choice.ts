/** A lab was chosen: the signed message goes to the platform by the browser that chose. */
import type { Context } from 'hono';
import { html } from 'hono/html';
import { choiceMessage, choosingSchema } from '../../classroom/lti/deep-link.ts';
import { maxScore } from '../../grading/score.ts';
import { type AppParts, type Env, language as languageOf } from '../http.ts';
import { isSecure } from '../session.ts';
import { fieldsOf, labLink, ownOrigin } from './address.ts';
import { show, showTrouble } from './html.ts';
import { isToken, whoAsks } from './session.ts';
import { texts } from './words.ts';

const SCRIPT = `document.querySelector('form').submit();`;

export function choiceRoute({ store, catalogue, origins, lti }: AppParts) {
  return async (c: Context<Env>) => {
    const { lab, language: wanted, session: token } = await fieldsOf(c);
    const language = wanted === 'ja' ? 'ja' : languageOf(c);
    // Only our own page chooses: a form of another site comes with another origin.
    const own = origins.origin(c.req.header('origin'), c.req.header('host'));
    const secure = isSecure(c.req.header('x-forwarded-proto'));
    const session =
      own && isToken(token)
        ? await store.findLtiSession(token)
        : (await whoAsks(store, c.req.header('cookie'), secure)).lti;
    const frame = session?.platform.pageOrigin;
    const choosing = choosingSchema.safeParse(session?.choosing).data;
    const exercise = catalogue.get(lab ?? '');
    if (!own || !session || !choosing || !exercise) return showTrouble(c, 'no-choice', language, frame);
    const { id, title, summary } = exercise.lab;
    const message = await choiceMessage(await lti.key(), session.platform, choosing, {
      ...{ id, maxScore, url: labLink(ownOrigin(c), id) },
      ...{ title: title[language], summary: summary[language] },
    });
    return show(c, {
      language,
      title: texts.returning[language],
      body: html`<p>${texts.returning[language]}</p>
<form action="${choosing.returnUrl}" method="post"><input type="hidden" name="JWT" value="${message}">
<button>${texts.goOn[language]}</button></form>`,
      script: SCRIPT,
      frame,
      form: new URL(choosing.returnUrl).origin,
    });
  };
}
