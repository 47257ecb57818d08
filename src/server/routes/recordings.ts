/** A learner's recordings: started and stopped at a terminal, listed, fetched, deleted. Somebody else's are not there. */
import { type Context, Hono } from 'hono';
import { labIdSchema } from '../../protocol/api.ts';
import { terminalNameSchema } from '../../protocol/terminal.ts';
import { recordingIdSchema, recordingSchema, recordingsSchema } from '../../protocol/terminal-recordings.ts';
import type { RecordingRecord } from '../../store/store.ts';
import type { Terminal } from '../../terminal/terminal.ts';
import { type App, type AppParts, type Env, refuse } from '../http.ts';
import { RecordingsFull } from '../recordings.ts';

export function recordingRoutes({ catalogue, rooms, store, recordings, log }: AppParts): App {
  const app = new Hono<Env>();

  app.post('/labs/:lab/terminals/:terminal/recording', async (c) => {
    const { lab, terminal } = c.req.param();
    const shown = shownTerminal(c, lab, terminal);
    if (typeof shown === 'string') return refuse(c, shown);
    try {
      return c.json(recordingSchema.parse(await recordings.start(c.get('learner').id, lab, terminal, shown)));
    } catch (error) {
      if (error instanceof RecordingsFull) return refuse(c, 'recordings-full');
      throw error;
    }
  });

  app.delete('/labs/:lab/terminals/:terminal/recording', async (c) => {
    const { lab, terminal } = c.req.param();
    const shown = shownTerminal(c, lab, terminal);
    if (typeof shown === 'string') return refuse(c, shown);
    const ended = await recordings.stop(shown);
    return ended ? c.json(recordingSchema.parse(ended)) : refuse(c, 'no-recording');
  });

  app.get('/recordings', async (c) => {
    const lab = labIdSchema.optional().safeParse(c.req.query('lab'));
    if (!lab.success) return refuse(c, 'bad-request');
    const own = await store.recordings(c.get('learner').id, lab.data);
    return c.json(recordingsSchema.parse({ recordings: own }));
  });

  app.get('/recordings/:id', async (c) => {
    const own = await ownRecording(c);
    if (!own) return refuse(c, 'no-recording');
    // What programs wrote is in it: never to be taken for a page.
    return c.body(new Uint8Array(await recordings.read(own)), 200, {
      'Content-Type': 'application/x-asciicast',
      'Content-Disposition': `attachment; filename="toride-${own.lab}-${own.startedAt.slice(0, 19).replaceAll(':', '')}.cast"`,
    });
  });

  app.delete('/recordings/:id', async (c) => {
    const own = await ownRecording(c);
    if (!own) return refuse(c, 'no-recording');
    await recordings.remove(own);
    log.info({ id: own.id }, 'a recording was deleted');
    return c.json(recordingSchema.parse(own));
  });

  async function ownRecording(c: Context<Env>): Promise<RecordingRecord | undefined> {
    const id = recordingIdSchema.safeParse(c.req.param('id'));
    return id.success ? store.findRecording(c.get('learner').id, id.data) : undefined;
  }

  function shownTerminal(c: Context<Env>, lab: string, name: string): Terminal | 'no-such-lab' | 'no-terminal' {
    if (!catalogue.has(lab)) return 'no-such-lab';
    const known = terminalNameSchema.safeParse(name).success;
    return (known && rooms.find(c.get('learner').id, lab)?.openTerminal(name)) || 'no-terminal';
  }

  return app;
}
