import { defineCollection } from 'astro:content';
import { glob } from 'astro/loaders';
import { labSchema } from './protocol/lab.ts';

/** labs/<id>/lab.yaml */
const labs = defineCollection({
  loader: glob({ base: './labs', pattern: '*/lab.yaml', generateId: ({ entry }) => entry.split('/')[0] ?? entry }),
  schema: labSchema,
});

/** labs/<id>/lesson.<language>.mdx, as '<id>/<language>' */
const lessons = defineCollection({
  loader: glob({
    base: './labs',
    pattern: '*/lesson.*.mdx',
    generateId: ({ entry }) => entry.replace(/\/lesson\.(\w+)\.mdx$/, '/$1'),
  }),
});

export const collections = { labs, lessons };
