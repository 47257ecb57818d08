/** Scenes of workshops: the page's own learner in one, and the same room as its instructor sees it. */
import type { Page } from 'playwright-core';
import { inMinutes, makeOwner, post } from '../helpers/instructors.ts';
import { Client, type TestServer } from '../helpers/server.ts';
import type { Scene } from './steps.ts';

const NAMES = ['Aki', 'Ben', 'Chloe', '田中 健', 'Emi', 'Farid', 'Greta', 'Hana'];

interface Room {
  readonly owner: Client;
  readonly id: string;
  readonly joinCode: string;
}
let room: Promise<Room> | undefined;

/** Made once: seven places, hands raised, one who waits. */
function theRoom(server: TestServer): Promise<Room> {
  room ??= (async () => {
    const owner = await makeOwner(server);
    const labs = ['read-only', 'seccomp', 'capabilities'].map((lab, at) => ({ lab, locked: at > 0 }));
    const times = { startsAt: inMinutes(-20), endsAt: inMinutes(100) };
    const plan = { title: 'Rootless by hand', language: 'en', ...times, capacity: 8, asksEmail: false, labs };
    const { json } = await post(owner, '/api/instructor/workshops', plan);
    for (const name of NAMES) {
      const learner = await Client.learner(server.url);
      await post(learner, '/api/join', { code: json.joinCode, name });
      if (name === 'Chloe' || name === 'Hana') await post(learner, '/api/workshop/hand', { raised: true });
    }
    const message = { member: null, text: 'We go on at ten past.\nLab 8.3.2 opens then.' };
    await post(owner, `/api/instructor/workshops/${json.id}/message`, message);
    return { owner, id: json.id, joinCode: json.joinCode };
  })();
  return room;
}

const asOwner = (path: string) => async (page: Page, server: TestServer) => {
  const { owner, id } = await theRoom(server);
  const [name = '', value = ''] = owner.cookie.split('=');
  await page.context().addCookies([{ name, value, url: server.url, httpOnly: true, sameSite: 'Strict' }]);
  const language = new URL(page.url()).pathname.split('/')[1];
  await page.goto(
    `${server.url}/${language}/instructor/${path}${['workshop/', 'projector/'].includes(path) ? `#${id}` : ''}`,
  );
};

export const classroomScenes: readonly Scene[] = [
  {
    name: 'workshop-join',
    path: 'join/',
    prepare: async (page, server) => {
      await page.locator('[name="code"]').fill((await theRoom(server)).joinCode);
      await page.locator('[name="name"]').focus();
      await page.locator('[data-into]:not(:empty)').waitFor();
    },
  },
  {
    name: 'workshop-place',
    path: 'join/',
    whole: true,
    prepare: async (page, server) => {
      await page.locator('[name="code"]').fill((await theRoom(server)).joinCode);
      await page.locator('[name="name"]').fill('Iris');
      await page.locator('[name="name"]').press('Enter');
      await page.locator('[data-place]:not([hidden])').waitFor();
    },
  },
  {
    name: 'instructor-desk',
    path: 'instructor/sign-in/',
    whole: true,
    prepare: async (page, server) => {
      await asOwner('')(page, server);
      await page.locator('[data-workshop-part]:not([hidden])').waitFor();
      await page.locator('[data-open-new]').click();
    },
  },
  {
    name: 'instructor-room',
    path: 'instructor/sign-in/',
    whole: true,
    prepare: async (page, server) => {
      await asOwner('workshop/')(page, server);
      await page.locator('[data-row]').first().waitFor();
    },
  },
  {
    name: 'instructor-detail',
    path: 'instructor/sign-in/',
    prepare: async (page, server) => {
      await asOwner('workshop/')(page, server);
      await page.locator('[data-row] button').first().click();
      await page.locator('[data-detail-evidence] h4').waitFor();
    },
  },
  {
    name: 'projector',
    path: 'instructor/sign-in/',
    prepare: async (page, server) => {
      await asOwner('projector/')(page, server);
      await page.locator('[data-qr] svg').waitFor();
    },
  },
  ...(['assignments/', 'api/', 'platforms/'] as const).map(
    (path): Scene => ({
      name: `instructor-${path.slice(0, -1)}`,
      path: 'instructor/sign-in/',
      whole: true,
      prepare: async (page, server) => {
        await asOwner(path)(page, server);
        await page.waitForLoadState('networkidle');
      },
    }),
  ),
  { name: 'assignments', path: 'assignments/', prepare: (page) => page.waitForLoadState('networkidle') },
];
