/** The projector view: big, and by itself. */
import { renderSVG } from 'uqr';
import { joinPath, signInPath } from '../../i18n/index.ts';
import type { Workshop } from '../../protocol/workshops.ts';
import { Refusal } from '../api.ts';
import { listen } from '../ear.ts';
import { reason } from '../form.ts';
import { element, language, need, words } from '../page.ts';
import { countdown } from '../time.ts';
import { labName } from './course-data.ts';
import { workshopApi } from './workshops-api.ts';

const { projector: t, room } = words.workshop;
const id = location.hash.slice(1);
let workshop: Workshop | undefined;
let drawn = '';

function show(next: Workshop): void {
  workshop = next;
  need('[data-title]').textContent = next.title;
  need('[data-join]').hidden = next.state === 'ended';
  need('[data-code]').textContent = `${next.joinCode.slice(0, 4)}-${next.joinCode.slice(4)}`;
  const page = `${location.origin}${joinPath(next.language)}`;
  need('[data-address]').textContent = page.replace(/^https?:\/\//, '').replace(/\/$/, '');
  const address = `${page}#${next.joinCode}`;
  if (address !== drawn) {
    drawn = address;
    // Of our own making, from an address and a code: no text of anybody's goes into it.
    need('[data-qr]').innerHTML = renderSVG(address, { border: 2 });
  }
  need('[data-present]').textContent =
    t.here(next.present) + (next.waiting > 0 ? ` · ${room.present(next.present, next.capacity, next.waiting)}` : '');
  const open = next.state === 'running' ? next.labs.filter(({ locked }) => !locked) : [];
  need('[data-open-labs]').hidden = open.length === 0;
  need('[data-labs]').replaceChildren(...open.map(({ lab }) => element('li', {}, labName(lab))));
  tick();
}

function tick(): void {
  if (!workshop) return;
  const { state, startsAt, endsAt } = workshop;
  const until = state === 'planned' ? startsAt : endsAt;
  need('[data-clock-word]').textContent = state === 'ended' ? t.over : state === 'planned' ? t.begins : t.left;
  need('[data-clock]').textContent = state === 'ended' ? '' : countdown(Date.parse(until) - Date.now());
}

try {
  show(await workshopApi(id).read());
  setInterval(tick, 1000);
  listen(`/ws/workshop?${new URLSearchParams({ id, language })}`, async (text) => {
    const { workshopFrameSchema } = await import('../schemas.ts');
    const frame = workshopFrameSchema.parse(JSON.parse(text));
    if (frame.type === 'workshop') show(frame.workshop);
  });
} catch (trouble) {
  if (trouble instanceof Refusal && trouble.code === 'sign-in-needed') location.replace(signInPath(language));
  need('[data-said]').textContent = reason(trouble);
}
