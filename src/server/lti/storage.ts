/**
 * Where the browser keeps no cookie in the platform's frame, the secret of a login can stay with the platform's page, by the
 * messages of "LTI Client Side postMessages": each tool's origin has a store of its own there. The page that then sends the launch
 * is ours, and says so by its origin.
 */
import type { Context } from 'hono';
import { html } from 'hono/html';
import type { Exercise } from '../../exercise/catalogue.ts';
import type { Language } from '../../grading/check.ts';
import type { LtiPlatform } from '../../store/lti-platforms.ts';
import type { Env } from '../http.ts';
import { show } from './html.ts';
import { texts, troubles } from './words.ts';

/** '_parent', or a frame's name on the page. */
export const isStorageTarget = (value: string | undefined): value is string => /^[\w-]{1,64}$/.test(value ?? '');

/** A platform that says it has a store answers at once, unless the machine is busy. */
const PATIENCE_MS = 10_000;

/** A script's way to the store: `talk(message)` gives the answer, or nothing when none comes. */
export const TALK = `const main = document.querySelector('main');
const part = (name) => main.querySelector('[data-' + name + ']');
const talk = (message, { origin, frame }) => new Promise((resolve) => {
  const page = window.opener || window.parent;
  const id = crypto.randomUUID();
  addEventListener('message', ({ data, origin: from }) => {
    if (from === origin && data && data.message_id === id) resolve(data.error ? undefined : data);
  });
  setTimeout(resolve, ${PATIENCE_MS});
  (frame === '_parent' ? page : page.frames[frame] || page).postMessage({ ...message, message_id: id }, origin);
});
`;

const ASK = `${TALK}const form = document.querySelector('form');
talk({ subject: 'lti.get_data', key: form.elements.state.value }, form.dataset).then((answer) => {
  if (answer && typeof answer.value === 'string') {
    form.elements.flow.value = answer.value;
    form.submit();
  } else {
    part('opening').hidden = true;
    part('lost').hidden = false;
  }
});`;

/** The launch came without the cookie: asks the platform's page for what the login left there. */
export function askStore(
  c: Context<Env>,
  platform: LtiPlatform,
  language: Language,
  { state = '', id_token: token = '', lti_storage_target: target = '' }: Readonly<Record<string, string>>,
) {
  return show(c, {
    language,
    title: texts.opening[language],
    body: html`<p data-opening>${texts.opening[language]}</p><p data-lost hidden>${troubles['other-browser'][language]}</p>
<form action="/lti/launch" method="post" data-origin="${new URL(platform.authUrl).origin}" data-frame="${target}">
<input type="hidden" name="id_token" value="${token}"><input type="hidden" name="state" value="${state}">
<input type="hidden" name="flow" value=""></form>`,
    script: ASK,
    frame: platform.pageOrigin,
  });
}

/** Somebody is in, without a cookie here: their lab is opened in a window of its own, … */
export const showWindow = (c: Context<Env>, platform: LtiPlatform, language: Language, session: string) =>
  show(c, {
    language,
    title: texts.opening[language],
    body: html`<p>${texts.blocked[language]}</p><form action="/lti/enter" method="post" target="_blank" rel="noopener">
<input type="hidden" name="session" value="${session}"><input type="hidden" name="language" value="${language}">
<button>${texts.newWindow[language]}</button></form>`,
    frame: platform.pageOrigin,
  });

/** … and a lab is chosen here, since the platform waits for it in this frame. */
export function showChoice(
  c: Context<Env>,
  platform: LtiPlatform,
  language: Language,
  session: string,
  catalogue: ReadonlyMap<string, Exercise>,
) {
  const labs = [...catalogue.values()].map(({ lab }) => lab).sort((a, b) => a.order - b.order);
  const buttons = labs.map(
    ({ id, chapter, title }) => html`<p><button name="lab" value="${id}">${chapter} ${title[language]}</button></p>`,
  );
  return show(c, {
    language,
    title: texts.choose[language],
    body: html`<h1>${texts.choose[language]}</h1><form action="/lti/choice" method="post">
<input type="hidden" name="session" value="${session}"><input type="hidden" name="language" value="${language}">${buttons}</form>`,
    frame: platform.pageOrigin,
  });
}
