import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { messagesFor } from '../../src/i18n/index.ts';
import { axe, openBrowser, openWindow, picture, picturesOnFailure, type Window } from '../helpers/browser.ts';
import { CLIENT, openProvider } from '../helpers/oidc-provider.ts';
import { eventually, startTestServer, type TestServer } from '../helpers/server.ts';

let server: TestServer;
let browser: Browser;
let provider: Awaited<ReturnType<typeof openProvider>>;
const PASSWORD = 'four words in a row';

beforeAll(async () => {
  // Another site than the server's, so that its cookies are tried as in real life.
  provider = await openProvider('localhost');
  server = await startTestServer('accounts-pages', {
    pool: 0,
    poolLimit: 0,
    oidcIssuer: provider.issuer,
    oidcClientId: CLIENT.id,
    oidcClientSecret: CLIENT.secret,
    oidcDomains: ['example.org'],
  });
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await server?.dispose();
  await provider?.close();
});
picturesOnFailure(() => browser);

describe.each(['en', 'ja'] as const)('%s', (language) => {
  const words = messagesFor(language).instructor;
  let olga: Window;
  let ivo: Window;
  let invitation: string;
  const at = (path: string) => `${server.url}/${language}/instructor/${path}`;
  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
  const fill = async (page: Page, values: Record<string, string>) => {
    for (const [name, value] of Object.entries(values)) await page.locator(`[name="${name}"]:visible`).fill(value);
  };
  const fits = (page: Page) =>
    page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);

  beforeAll(async () => {
    olga = await openWindow(browser);
    ivo = await openWindow(browser);
  });
  afterAll(async () => {
    await olga.context.close();
    await ivo.context.close();
  });

  test('the owner’s link makes the owner, and leaves the address bar', async () => {
    const { page } = olga;
    const token = await server.withStore((store) => store.makeOwnerLink(false));
    const asked: string[] = [];
    page.on('request', (request) => asked.push(`${request.url()} ${request.headers().referer ?? ''}`));
    await page.goto(`${at('welcome/')}#${token}`);
    const isNew = language === 'en';
    await button(page, isNew ? words.welcome.make : words.welcome.set).waitFor();
    expect(page.url()).toBe(at('welcome/'));
    await picture(page, `${language}-welcome`);
    expect(await axe(page)).toEqual([]);
    await fill(page, { ...(isNew && { name: 'Olga Öberg', login: 'olga@example.org' }), password: PASSWORD });
    await button(page, isNew ? words.welcome.make : words.welcome.set).click();
    await page.waitForURL(at(''));
    await eventually(() => page.locator('[data-name]').textContent()).toBe('Olga Öberg');
    expect(await page.locator('[data-role]').textContent()).toContain(words.home.roles.owner);
    expect(asked.join('\n')).not.toContain(token);
    // Used up: to whoever finds it, it says so.
    await ivo.page.goto(`${at('welcome/')}#${token}`);
    await eventually(() => ivo.page.locator('[data-about]').textContent()).not.toBe(words.welcome.looking);
    expect(await ivo.page.locator('form[data-welcome]').isVisible()).toBe(false);
    expect(ivo.problems.splice(0)).toEqual([expect.stringContaining('404')]);
  });

  test('the owner invites: the link is shown once, with the focus on it', async () => {
    const { page } = olga;
    await page.locator('[name="note"]').fill(`Ivo ${language}`);
    await button(page, words.people.invite).click();
    const field = page.locator('[data-link-field]');
    await eventually(() => field.inputValue()).toMatch(new RegExp(`^${at('welcome/')}#[\\w-]{43}$`));
    invitation = await field.inputValue();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('link-title');
    await eventually(() => page.locator('[data-people]').textContent()).toContain(`Ivo ${language}`);
    await olga.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await button(page, words.people.copy).click();
    await eventually(() => page.locator('[data-copied]').textContent()).toBe(words.people.copied);
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(invitation);
    await eventually(() => page.locator('[data-action="invited"]').count()).toBeGreaterThan(0);
    await picture(page, `${language}-home-owner`);
    expect(await axe(page)).toEqual([]);
    await page.setViewportSize({ width: 360, height: 800 });
    expect(await fits(page)).toBe(true);
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.reload();
    await page.locator('[data-people] tr').first().waitFor();
    expect(await page.content()).not.toContain(invitation.split('#')[1]);
  });

  test('the instructor opens it in the other language first, then makes the account', async () => {
    const { page } = ivo;
    await page.goto('about:blank');
    await page.goto(invitation);
    await button(page, words.welcome.make).waitFor();
    await page.locator('[data-language-switch]').click();
    const other = messagesFor(language === 'en' ? 'ja' : 'en').instructor;
    await button(page, other.welcome.make).waitFor();
    await page.locator('[data-language-switch]').click();
    await button(page, words.welcome.make).waitFor();
    await fill(page, { name: `Ivo ${language}`, login: `ivo-${language}`, password: 'short' });
    await button(page, words.welcome.make).click();
    await eventually(() => page.locator('[data-said]').textContent()).toContain('12');
    expect(await axe(page)).toEqual([]);
    await fill(page, { password: PASSWORD });
    await button(page, words.welcome.make).click();
    await page.waitForURL(at(''));
    await eventually(() => page.locator('[data-role]').textContent()).toContain(words.home.roles.instructor);
    expect(await page.locator('[data-people]').isVisible()).toBe(false);
    expect(await page.locator('[data-audit]').isVisible()).toBe(false);
    expect(await axe(page)).toEqual([]);
    await picture(page, `${language}-home-instructor`);
  });

  test('signs out, and in again by password after a wrong one', async () => {
    const { page } = ivo;
    await button(page, words.home.signOut).click();
    await page.waitForURL(`${at('sign-in/')}#signed-out`);
    await eventually(() => page.locator('[data-said]').textContent()).toBe(words.signIn.ended);
    await fill(page, { login: `ivo-${language}`, password: 'not this password' });
    await button(page, words.signIn.action).click();
    await eventually(() => page.locator('[data-said]').getAttribute('data-bad')).toBe('');
    await picture(page, `${language}-sign-in`);
    expect(await axe(page)).toEqual([]);
    await fill(page, { password: PASSWORD });
    await page.keyboard.press('Enter');
    await page.waitForURL(at(''));
    await eventually(() => page.locator('[data-name]').textContent()).toBe(`Ivo ${language}`);
  });

  test('changes the password', async () => {
    const { page } = ivo;
    await fill(page, { current: PASSWORD, password: 'the next four words' });
    await button(page, words.home.save).click();
    await eventually(() => page.locator('[data-password-said]').textContent()).toBe(words.home.changed);
    expect(await page.locator('[name="current"]').inputValue()).toBe('');
  });

  test('is disabled by the owner, and out', async () => {
    await olga.page.reload();
    await button(olga.page, `${words.people.disable}: Ivo ${language}`).click();
    await button(olga.page, `${words.people.enable}: Ivo ${language}`).waitFor();
    await eventually(() => olga.page.locator('[data-audit] tr').first().getAttribute('data-action')).toBe('disabled');
    const { page, problems } = ivo;
    problems.length = 0;
    await page.reload();
    await page.waitForURL(at('sign-in/'));
    await fill(page, { login: `ivo-${language}`, password: 'the next four words' });
    await button(page, words.signIn.action).click();
    await eventually(() => page.locator('[data-said]').getAttribute('data-bad')).toBe('');
    // The browser tells of both refusals, and of nothing else.
    expect(problems).toEqual([expect.stringContaining('401'), expect.stringContaining('401')]);
    expect(olga.problems).toEqual([]);
  });

  test('the course page has a quiet way there; who is not signed in comes to the form', async () => {
    const { page, context } = await openWindow(browser);
    await page.goto(`${server.url}/${language}/`);
    expect(await axe(page)).toEqual([]);
    await page.getByRole('link', { name: words.footer }).click();
    await page.waitForURL(at('sign-in/'));
    await context.close();
  });

  test('by the organisation’s account: to another site and back, signed in; who is no instructor is told so', async () => {
    const { page, context } = await openWindow(browser);
    const link = page.getByRole('link', { name: words.signIn.oidc });
    provider.next({ sub: 'guest', email: 'guest@elsewhere.example', email_verified: true });
    await page.goto(at('sign-in/'));
    await link.click();
    await page.waitForURL(`${at('sign-in/')}#oidc-not-allowed`);
    await eventually(() => page.locator('[data-said]').textContent()).toBe(
      words.signIn.oidcRefused['oidc-not-allowed'],
    );
    provider.next({ sub: `una-${language}`, email: `una-${language}@example.org`, email_verified: true, name: 'Una' });
    await link.click();
    await page.waitForURL(at(''));
    await eventually(() => page.locator('[data-name]').textContent()).toBe('Una');
    expect(await page.locator('[data-password]').isVisible()).toBe(false);
    await context.close();
  });
});
