/** The page's ear: what happens in the learner's room, from the server, as it happens. */
import type { LiveFrame } from '../../protocol/live.ts';
import { listen } from '../ear.ts';
import { language } from '../page.ts';

export function startLive(lab: string, onFrame: (frame: LiveFrame) => void): void {
  listen(`/ws/lab?${new URLSearchParams({ lab, language })}`, async (text) => {
    const { liveFrameSchema } = await import('../schemas.ts');
    onFrame(liveFrameSchema.parse(JSON.parse(text)));
  });
}
