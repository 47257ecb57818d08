/** For everyone, with a session or without: the public key, and whether a receipt is one of this server's. Changes nothing. */
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { RECEIPT_LIMIT, receiptVerdictSchema } from '../../protocol/receipt.ts';
import { verifyReceipt } from '../../receipt/receipt.ts';
import { type App, type AppParts, type Env, language, refuse } from '../http.ts';

export function verifyRoutes({ catalogue, receiptKey }: AppParts): App {
  const app = new Hono<Env>();
  const keys = { keys: [receiptKey.publicJwk] };

  app.get('/.well-known/jwks.json', (c) => c.json(keys));

  app.post(
    '/api/receipts/verify',
    bodyLimit({ maxSize: RECEIPT_LIMIT, onError: (c) => refuse(c, 'too-large') }),
    async (c) => {
      const verdict = await verifyReceipt(await c.req.text(), keys);
      const titles = [...catalogue.values()].map(({ lab }) => [lab.id, lab.title[language(c)]]);
      c.header('Cache-Control', 'no-store');
      return c.json(
        receiptVerdictSchema.parse({
          valid: 'receipt' in verdict,
          reason: 'refused' in verdict ? verdict.refused : null,
          receipt: 'receipt' in verdict ? verdict.receipt : null,
          titles: Object.fromEntries(titles),
        }),
      );
    },
  );

  return app;
}
