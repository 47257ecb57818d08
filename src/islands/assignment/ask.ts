/** As islands/api.ts asks; the schemas of assignments come for who has to do with them, and for nobody else. */
import type { z } from 'zod';
import { ask as askServer } from '../api.ts';

type Schemas = typeof import('../../protocol/assignments.ts');

export const ask = <T>(
  schemaOf: (schemas: Schemas) => z.ZodType<T>,
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  sent?: string | object,
): Promise<T> => askServer(async () => schemaOf(await import('../../protocol/assignments.ts')), method, path, sent);
