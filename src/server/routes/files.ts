/** The learner's files in a lab, for the editor in the page. What the kernel refuses there is told in words here. */
import type { Context } from 'hono';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { z } from 'zod';
import { ObservationError } from '../../inspector/run-probe.ts';
import { FILE_LIMIT } from '../../protocol/file-limits.ts';
import {
  fileQuerySchema,
  folderSchema,
  foldersQuerySchema,
  foldersSchema,
  removeSchema,
  renameSchema,
  saveSchema,
} from '../../protocol/files.ts';
import { type App, type AppParts, type Env, refuse, sent } from '../http.ts';
import type { MessageCode } from '../messages.ts';
import type { Room } from '../room.ts';

/** A character can take six bytes in JSON; the rest is the path. */
const BODY_LIMIT = FILE_LIMIT * 6 + 16 * 1024;
/** Each is a process for some milliseconds. A page asks for one or two at a time. */
const AT_ONCE = 4;

const REFUSALS: Readonly<Record<string, MessageCode>> = {
  'not-found': 'file-not-found',
  outside: 'file-outside',
  'not-a-file': 'file-no-file',
  'too-large': 'file-too-large',
  'not-permitted': 'file-not-permitted',
  'no-space': 'file-no-space',
  exists: 'file-exists',
  'not-empty': 'file-not-empty',
  'too-many': 'file-too-many',
  'bad-name': 'file-bad-name',
  changed: 'file-changed',
};

export function fileRoutes({ rooms, workspace }: AppParts): App {
  const app = new Hono<Env>();
  const busy = new Map<Room, number>();

  /** In the learner's own room, a few at a time; a refusal of the kernel's becomes one of ours. */
  async function inRoom(c: Context<Env>, act: (init: Room['sandbox']['init'], room: Room) => Promise<Response>) {
    const room = rooms.find(c.get('learner').id, c.get('exercise').lab.id);
    if (!room) return refuse(c, 'no-sandbox');
    const running = busy.get(room) ?? 0;
    if (running >= AT_ONCE) return refuse(c, 'busy');
    busy.set(room, running + 1);
    try {
      return await act(room.sandbox.init, room);
    } catch (error) {
      const code = error instanceof ObservationError ? REFUSALS[error.code] : undefined;
      if (code) return refuse(c, code);
      // It ended meanwhile.
      if (room.sandbox.state !== 'ready') return refuse(c, 'no-sandbox');
      throw error;
    } finally {
      const left = (busy.get(room) ?? 1) - 1;
      if (left > 0) busy.set(room, left);
      else busy.delete(room);
    }
  }

  app.use(
    '/labs/:lab/files/*',
    bodyLimit({ maxSize: BODY_LIMIT, onError: (c) => refuse(c as Context<Env>, 'file-too-large') }),
  );

  app.get('/labs/:lab/files', (c) => {
    const paths = foldersQuerySchema.safeParse(c.req.queries('path') ?? ['']);
    if (!paths.success) return refuse(c, 'bad-request');
    return inRoom(c, async (init) => c.json(foldersSchema.parse({ folders: await workspace.list(init, paths.data) })));
  });

  app.get('/labs/:lab/files/content', (c) => {
    const query = fileQuerySchema.safeParse(c.req.query());
    if (!query.success) return refuse(c, 'bad-request');
    return inRoom(c, async (init) => {
      const { bytes, ...file } = await workspace.read(init, query.data.path);
      return c.json({ ...file, text: textOf(bytes) });
    });
  });

  /** A route that changes something: its body, and that somebody was here. */
  function change<T>(
    method: 'POST' | 'PUT',
    path: string,
    schema: z.ZodType<T>,
    act: (init: Room['sandbox']['init'], body: T) => Promise<object>,
  ) {
    app.on(method, `/labs/:lab/files/${path}`, async (c) => {
      const body = await sent(c, schema);
      if (body === undefined) return refuse(c, 'bad-request');
      return inRoom(c, async (init, room) => {
        const done = await act(init, body);
        rooms.stir(room);
        return c.json(done);
      });
    });
  }
  const done = { done: true };
  change('PUT', 'content', saveSchema, async (init, { path, base, text }) => ({
    version: await workspace.write(init, path, base, Buffer.from(text, 'utf8')),
  }));
  change('POST', 'folder', folderSchema, (init, { path }) => workspace.makeFolder(init, path).then(() => done));
  change('POST', 'rename', renameSchema, (init, { path, to }) => workspace.rename(init, path, to).then(() => done));
  change('POST', 'remove', removeSchema, (init, { path, tree }) => workspace.remove(init, path, tree).then(() => done));
  return app;
}

/** null where it would not come back the same: bytes that are no UTF-8, or that no editor shows. */
function textOf(bytes: Buffer): string | null {
  if (bytes.includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
