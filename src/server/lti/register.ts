/** /lti/register: a platform's administrator comes here by a one-time link of the owner's, and the platform is registered. */
import type { Context } from 'hono';
import { html } from 'hono/html';
import { PlatformFailed } from '../../classroom/lti/fetch.ts';
import { register } from '../../classroom/lti/registration.ts';
import { isLoopbackHost, isPlatformUrl } from '../../protocol/lti.ts';
import { PlatformTaken } from '../../store/lti-platforms.ts';
import { addressOf } from '../accounts/address.ts';
import type { AppParts, Env } from '../http.ts';
import { preferredLanguage } from '../session.ts';
import { ownOrigin, toolAddresses } from './address.ts';
import { show, showTrouble } from './html.ts';
import { texts } from './words.ts';

const TOKEN = /^[A-Za-z0-9_-]{43}$/;
const REGISTRATION_TOKEN_LIMIT = 8192;
/** On one's own machine a platform may be there too; a visitor from elsewhere cannot have the server ask its own machine. */
const mayAsk = (configuration: string, ownHost: string) =>
  isPlatformUrl(configuration) && (!isLoopbackHost(new URL(configuration).host) || isLoopbackHost(ownHost));
/** Tells the platform that its window may close. */
const SCRIPT = `(window.opener || window.parent).postMessage({ subject: 'org.imsglobal.lti.close' }, document.querySelector('main p').dataset.page);`;

export function registerRoute({ store, log }: AppParts) {
  return async (c: Context<Env>) => {
    const language = preferredLanguage(c.req.header('accept-language'));
    const { link = '', openid_configuration: configuration, registration_token: token } = c.req.query();
    // Opened by hand, or by a program that looks at links: nothing is used up.
    if (configuration === undefined) {
      const body = html`<h1>${texts.registerTitle[language]}</h1><p>${texts.pasteLink[language]}</p>`;
      return show(c, { language, title: texts.registerTitle[language], body });
    }
    const may = mayAsk(configuration, c.req.header('host') ?? '');
    const usable = TOKEN.test(link) && may && (token ?? '').length <= REGISTRATION_TOKEN_LIMIT;
    const registration = usable ? await store.takeLtiRegistration(link) : undefined;
    if (!registration) return showTrouble(c, 'bad-registration', language);
    // Whoever has the owner's link says by whose page it was opened: a hosted platform's differs from its issuer.
    const referer = c.req.header('referer') ?? '';
    const opener = isPlatformUrl(referer) ? new URL(referer).origin : undefined;
    try {
      const origin = ownOrigin(c);
      const { login, launch, keys } = toolAddresses(origin);
      const tool = { name: 'Toride', description: 'Labs on container security', origin, login, launch, keys };
      const plan = await register(tool, configuration, token);
      const pageOrigin = opener && opener !== origin ? opener : new URL(plan.issuer).origin;
      const detail = { address: addressOf(c), issuer: plan.issuer, by: 'registration' };
      const entry = { by: registration.accountId, action: 'lti-registered', detail };
      await store.addLtiPlatform({ ...plan, pageOrigin }, registration.accountId, entry);
      return show(c, {
        language,
        title: texts.registerTitle[language],
        body: html`<p role="status" data-page="${pageOrigin}">${texts.registered[language]}</p>`,
        script: SCRIPT,
        frame: pageOrigin,
      });
    } catch (error) {
      await store.giveLtiRegistrationBack(registration.id);
      const code =
        error instanceof PlatformFailed
          ? 'not-registered'
          : error instanceof PlatformTaken
            ? 'registered-before'
            : undefined;
      if (code === undefined) throw error;
      log.warn({ err: error }, 'a platform could not be registered');
      return showTrouble(c, code, language, opener);
    }
  };
}
