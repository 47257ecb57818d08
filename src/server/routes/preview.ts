/** Where the previews of the learner's own room are. */
import { Hono } from 'hono';
import { previewSchema } from '../../protocol/preview.ts';
import { type App, type AppParts, type Env, refuse } from '../http.ts';
import { previewPlace } from '../preview/address.ts';
import { previewLabel } from '../preview/label.ts';
import { isSecure } from '../session.ts';

export function previewRoutes({ rooms, preview, previewDomain }: AppParts): App {
  return new Hono<Env>().get('/labs/:lab/preview', (c) => {
    const room = rooms.find(c.get('learner').id, c.get('exercise').lab.id);
    if (!room) return refuse(c, 'no-sandbox');
    const secure = isSecure(c.req.header('x-forwarded-proto'));
    const place = previewPlace(c.req.header('host') ?? '', secure, previewDomain);
    const port = Number(room.record.parameters.port);
    return c.json(
      previewSchema.parse({
        origin: place && `${place.scheme}://${previewLabel('{port}', preview.token(room))}.${place.rest}`,
        port: Number.isInteger(port) && port > 0 ? port : null,
      }),
    );
  });
}
