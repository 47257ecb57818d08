/** The first step of a launch: the platform sends the browser here, and we send it back to ask who that is. */
import type { Context } from 'hono';
import { html } from 'hono/html';
import { begin } from '../../classroom/lti/state.ts';
import type { Language } from '../../grading/check.ts';
import { newToken } from '../../store/account-sessions.ts';
import type { LtiPlatform } from '../../store/lti-platforms.ts';
import type { AppParts, Env } from '../http.ts';
import { isSecure, preferredLanguage } from '../session.ts';
import { fieldsOf, ownOrigin, toolAddresses } from './address.ts';
import { show, showTrouble } from './html.ts';
import { flowCookie, readFlow } from './session.ts';
import { isStorageTarget, TALK } from './storage.ts';
import { type Trouble, texts } from './words.ts';

const FIELDS = ['iss', 'client_id', 'login_hint', 'lti_message_hint', 'lti_deployment_id', 'target_link_uri'] as const;
type Fields = Readonly<Record<string, string>>;

/** Goes on where the browser keeps a cookie in this frame, or the platform's page a secret; else shows the way into a window. */
const SCRIPT = `${TALK}const { href, dataset } = part('on');
const goOn = () => location.replace(href);
const stop = () => {
  part('opening').hidden = true;
  part('blocked').hidden = false;
};
document.cookie = 'toride-lti-try=1; Path=/lti; Secure; SameSite=None; Partitioned; Max-Age=60';
if (document.cookie.includes('toride-lti-try=1')) goOn();
else if (!dataset.frame) stop();
else talk({ subject: 'lti.put_data', key: dataset.key, value: dataset.value }, dataset).then((kept) => (kept ? goOn() : stop()));
part('window').addEventListener('click', () => {
  part('opened').hidden = false;
});`;

export function loginRoute({ store }: AppParts) {
  async function find({ iss, client_id: clientId }: Fields): Promise<LtiPlatform | Trouble> {
    const known = await store.ltiPlatformsOf(iss ?? '');
    const meant = clientId ? known.filter((platform) => platform.clientId === clientId) : known;
    if (meant.length > 1) return 'which-platform';
    return meant[0] ?? 'unknown-platform';
  }

  return async (c: Context<Env>) => {
    const language = preferredLanguage(c.req.header('accept-language'));
    const fields = await fieldsOf(c);
    const platform = await find(fields);
    if (typeof platform === 'string') return showTrouble(c, platform, language);
    if (!fields.login_hint) return showTrouble(c, 'bad-message', language, platform.pageOrigin);
    const secure = isSecure(c.req.header('x-forwarded-proto'));
    const { token, ambiguous } = readFlow(c.req.header('cookie'), secure);
    if (ambiguous) return showTrouble(c, 'two-sessions', language, platform.pageOrigin);
    // One secret for a browser: of several frames on a page none takes another's away.
    const flow = token ?? newToken();
    const { state, nonce } = begin(flow, platform.id, fields.lti_deployment_id || undefined);
    const url = new URL(platform.authUrl);
    for (const [name, value] of Object.entries({
      scope: 'openid',
      response_type: 'id_token',
      response_mode: 'form_post',
      prompt: 'none',
      client_id: platform.clientId,
      redirect_uri: toolAddresses(ownOrigin(c)).launch,
      login_hint: fields.login_hint,
      ...(fields.lti_message_hint && { lti_message_hint: fields.lti_message_hint }),
      state,
      nonce,
    }))
      url.searchParams.set(name, value);
    c.header('Set-Cookie', flowCookie(flow, secure));
    c.header('Cache-Control', 'no-store');
    if (c.req.header('sec-fetch-dest') === 'document') return c.redirect(url.href, 302);
    return framed(c, platform, language, url.href, fields, { state, flow });
  };
}

function framed(
  c: Context<Env>,
  platform: LtiPlatform,
  language: Language,
  url: string,
  fields: Fields,
  { state, flow }: { state: string; flow: string },
) {
  const { lti_storage_target: target } = fields;
  // The secret is in the page only where the platform has a place for it.
  const store = isStorageTarget(target)
    ? html` data-frame="${target}" data-origin="${new URL(platform.authUrl).origin}" data-key="${state}" data-value="${flow}"`
    : '';
  const again = new URLSearchParams(FIELDS.flatMap((name) => (fields[name] ? [[name, fields[name]]] : [])));
  return show(c, {
    language,
    title: texts.opening[language],
    // Links, not forms: the policy of a form reaches over redirects, and this one leads to the platform.
    body: html`<p data-opening>${texts.opening[language]} <a href="${url}" data-on hidden${store}></a></p>
<div data-blocked hidden><p>${texts.blocked[language]}</p>
<p><a class="button" href="/lti/login?${String(again)}" target="_blank" rel="noopener" data-window>${texts.newWindow[language]}</a></p>
<p role="status" data-opened hidden>${texts.opened[language]}</p></div>`,
    script: SCRIPT,
    frame: platform.pageOrigin,
  });
}
