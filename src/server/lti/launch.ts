/** The second step: the platform's signed answer comes back by the browser, and the browser gets its session. */
import type { Context } from 'hono';
import { type ChoosingClaims, CLAIM, type Launch, type ResourceClaims } from '../../classroom/lti/claims.ts';
import { PlatformFailed } from '../../classroom/lti/fetch.ts';
import { LaunchRefused, verifyLaunch } from '../../classroom/lti/launch.ts';
import { nameOf } from '../../classroom/lti/members.ts';
import { roleOf } from '../../classroom/lti/roles.ts';
import { begunBy, claimedPlatform, FLOW_MS } from '../../classroom/lti/state.ts';
import { isOfPlatform } from '../../classroom/lti/urls.ts';
import type { Language } from '../../grading/check.ts';
import { labIdSchema } from '../../protocol/api.ts';
import type { LtiLink } from '../../store/lti-links.ts';
import type { LtiPlatform } from '../../store/lti-platforms.ts';
import type { LtiRole, LtiUser } from '../../store/lti-sessions.ts';
import type { AppParts, Env } from '../http.ts';
import { isSecure, preferredLanguage } from '../session.ts';
import { fieldsOf } from './address.ts';
import { showTrouble } from './html.ts';
import { isToken, ltiCookie, readFlow } from './session.ts';
import { askStore, isStorageTarget, showChoice, showWindow } from './storage.ts';
import type { Trouble } from './words.ts';

/** Why it ends here, in the code for the person; what is for the log was written there. */
class Ended extends Error {
  readonly code: Trouble;
  constructor(code: Trouble) {
    super(code);
    this.code = code;
  }
}

/** The platform's language where it is one of ours, else the browser's. */
const languageOf = ({ claims }: Launch, accept: string | undefined): Language => {
  const locale = claims[CLAIM.presentation]?.locale?.slice(0, 2).toLowerCase();
  return locale === 'ja' || locale === 'en' ? locale : preferredLanguage(accept);
};

export function launchRoute({ store, catalogue, origins, lti, log }: AppParts) {
  /** The lab that a link names, by a parameter of its own or in its address. */
  function labOf(claims: ResourceClaims): string | null {
    const target = claims[CLAIM.targetLinkUri];
    const named = [claims[CLAIM.custom]?.lab, URL.canParse(target) && new URL(target).searchParams.get('lab')];
    const ids = named.map((value) => labIdSchema.safeParse(value).data);
    return ids.find((id) => id !== undefined && catalogue.has(id)) ?? null;
  }

  function linkOf(platform: LtiPlatform, claims: ResourceClaims): Promise<LtiLink> {
    // An address elsewhere is none: no token and no score is sent there.
    const own = (url: string | null | undefined) => (url && isOfPlatform(platform, url) ? url : null);
    const { [CLAIM.resourceLink]: resource, [CLAIM.context]: context, [CLAIM.grades]: grades } = claims;
    return store.ltiLink({
      platformId: platform.id,
      deploymentId: claims[CLAIM.deploymentId],
      resourceLinkId: resource.id,
      contextId: context?.id ?? null,
      title: resource.title?.slice(0, 300) ?? '',
      contextTitle: (context?.title || context?.label || '').slice(0, 300),
      lab: labOf(claims),
      lineItemUrl: own(grades?.lineitem),
      lineItemsUrl: own(grades?.lineitems),
      membershipsUrl: own(claims[CLAIM.members]?.context_memberships_url),
    });
  }

  async function toLab(platform: LtiPlatform, user: LtiUser, role: LtiRole, claims: ResourceClaims) {
    const link = await linkOf(platform, claims);
    if (role === 'instructor') return { linkId: link.id, path: 'lti/link/' };
    if (link.lab === null) throw new Ended('no-lab');
    if (role === 'learner') {
      await store.enterLtiLink(link.id, user.id);
      await lti.scores.settle(user.learnerId, link.lab);
      await store.hurryLtiScores(link.id);
      lti.scores.look();
    }
    return { linkId: link.id, path: `labs/${link.lab}/` };
  }

  function toChoice(platform: LtiPlatform, role: LtiRole, claims: ChoosingClaims) {
    if (role !== 'instructor') throw new Ended('teachers-only');
    const { deep_link_return_url: returnUrl, accept_types: types, data } = claims[CLAIM.choosing];
    if (!types.includes('ltiResourceLink') || !isOfPlatform(platform, returnUrl)) {
      log.warn({ platform: platform.id, types, returnUrl }, 'nothing can be chosen by this launch');
      throw new Ended('bad-message');
    }
    const choosing = { returnUrl, deploymentId: claims[CLAIM.deploymentId], data: data ?? null };
    return { linkId: null, path: 'lti/choose/', choosing };
  }

  async function believed(c: Context<Env>, fields: Readonly<Record<string, string>>) {
    const secure = isSecure(c.req.header('x-forwarded-proto'));
    const { token: kept, ambiguous } = readFlow(c.req.header('cookie'), secure);
    if (ambiguous) throw new Ended('two-sessions');
    // By our own page's form only: another site would bring a secret of its own, and put a person into its session.
    const byForm = isToken(fields.flow) && origins.origin(c.req.header('origin'), c.req.header('host'));
    const flow = byForm ? fields.flow : kept;
    const begun = flow === undefined ? undefined : begunBy(flow, fields.state ?? '');
    const platform = begun && (await store.findLtiPlatform(begun.platformId));
    if (!begun || !platform) throw new Ended('other-browser');
    if (fields.error !== undefined) {
      log.info({ platform: platform.id, error: fields.error.slice(0, 200) }, 'the platform refused a launch');
      throw new Ended('platform-refused');
    }
    const launch = await verifyLaunch(fields.id_token ?? '', platform, begun, lti.keysOf(platform));
    // For longer than its login counts.
    const until = new Date(Date.now() + 2 * FLOW_MS);
    if (!(await store.useLtiNonce(begun.nonce, until))) throw new Ended('used-before');
    return { launch, platform, secure, byForm };
  }

  /** The platform whose page may have kept the secret that no cookie brought. */
  async function storeKeeper(c: Context<Env>, fields: Readonly<Record<string, string>>) {
    const { token, ambiguous } = readFlow(c.req.header('cookie'), isSecure(c.req.header('x-forwarded-proto')));
    const missing = token === undefined && !ambiguous && fields.flow === undefined;
    if (!missing || !isStorageTarget(fields.lti_storage_target)) return undefined;
    return store.findLtiPlatform(claimedPlatform(fields.state ?? '') ?? '');
  }

  async function enter(c: Context<Env>, fields: Readonly<Record<string, string>>) {
    const { launch, platform, secure, byForm } = await believed(c, fields);
    const { claims } = launch;
    const language = languageOf(launch, c.req.header('accept-language'));
    const { sub } = claims;
    const person = { sub, name: nameOf(claims), email: claims.email?.slice(0, 254).toLowerCase() || null };
    const user = await store.ltiUser(platform.id, person, language);
    const role = roleOf(claims[CLAIM.roles] ?? []);
    const { path, ...session } =
      launch.kind === 'resource'
        ? await toLab(platform, user, role, launch.claims)
        : toChoice(platform, role, launch.claims);
    const token = await store.startLtiSession({ ...session, userId: user.id, role });
    if (byForm)
      return session.linkId === null
        ? showChoice(c, platform, language, token, catalogue)
        : showWindow(c, platform, language, token);
    c.header('Set-Cookie', ltiCookie(token, secure));
    c.header('Cache-Control', 'no-store');
    return c.redirect(`/${language}/${path}`, 303);
  }

  return async (c: Context<Env>) => {
    const fields = await fieldsOf(c);
    try {
      const away = await storeKeeper(c, fields);
      if (away) return askStore(c, away, preferredLanguage(c.req.header('accept-language')), fields);
      return await enter(c, fields);
    } catch (error) {
      const code =
        error instanceof Ended || error instanceof LaunchRefused
          ? error.code
          : error instanceof PlatformFailed
            ? 'platform-away'
            : undefined;
      if (code === undefined) throw error;
      const platform = await store.findLtiPlatform(claimedPlatform(fields.state ?? '') ?? '');
      log.warn({ platform: platform?.id, code, reason: (error as Error).message }, 'a launch was refused');
      const language = preferredLanguage(c.req.header('accept-language'));
      return showTrouble(c, code, language, platform?.pageOrigin);
    }
  };
}
