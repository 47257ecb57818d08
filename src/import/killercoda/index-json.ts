/**
 * index.json of a Killercoda scenario, as its documentation and the scenarios of killercoda/scenario-examples have it; `code`,
 * `courseData` and `answer` are Katacoda's older names. What is not known is told, not refused.
 */
import { z } from 'zod';
import { type Item, refused } from './report.ts';

const INDEX_LIMIT_STEPS = 50;

const name = z.string().min(1).max(300);
const section = z.object({
  title: z.string().max(300).optional(),
  text: name.optional(),
  foreground: name.optional(),
  background: name.optional(),
  verify: name.optional(),
  code: name.optional(),
  courseData: name.optional(),
  answer: name.optional(),
});
const asset = z.object({
  file: name,
  target: name,
  chmod: z
    .string()
    .regex(/^([0-7]{3,4}|[ugoa]*[+=-][rwxX]+)$/, 'a mode such as 755 or +x')
    .optional(),
});
const indexSchema = z.object({
  title: z.string().min(1).max(300),
  description: z.string().max(2000).optional(),
  /** '15 minutes' */
  time: z.string().max(100).optional(),
  details: z.object({
    intro: section.optional(),
    steps: z.array(section).max(INDEX_LIMIT_STEPS).default([]),
    finish: section.optional(),
    /** By host: host01 is the learner's. */
    assets: z.record(z.string(), z.array(asset).max(200)).default({}),
  }),
  backend: z.object({ imageid: z.string().max(200) }).optional(),
});
export type Index = z.infer<typeof indexSchema>;
export type IndexSection = Index['details']['steps'][number];
export type Asset = z.infer<typeof asset>;

/** Known, and of no use here: why. */
const without: Readonly<Record<string, string>> = {
  difficulty: 'labs have no difficulty',
  icon: 'labs have no icon',
  interface: 'terminal, editor and preview are always there',
  environment: 'terminal, editor and preview are always there',
  files: 'the editor opens any file',
  private: 'who may see the course is a setting of the server',
  pathwayTitle: 'the course has its own sections',
  credits: 'put it into the lesson',
};

/** @throws UserError with every mistake */
export function readIndex(text: string): { index: Index; items: Item[] } {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    throw refused('index.json', `expected JSON, found: ${(error as Error).message.slice(0, 200)}`);
  }
  const parsed = indexSchema.safeParse(value);
  if (!parsed.success) {
    const lines = parsed.error.issues
      .slice(0, 20)
      .map(({ path, message }) => `${path.map(String).join('.')}: ${message}`);
    throw refused('index.json', lines.join('; '));
  }
  return { index: parsed.data, items: unknownKeys(value as Record<string, unknown>) };
}

type Tree = Readonly<Record<string, unknown>>;
const tree = (value: unknown): Tree => (typeof value === 'object' && value !== null ? (value as Tree) : {});

function unknownKeys(value: Tree): Item[] {
  const details = tree(value.details);
  const sections = [details.intro, ...(Array.isArray(details.steps) ? details.steps : []), details.finish];
  const places: [string, Tree, readonly string[]][] = [
    ['', value, Object.keys(indexSchema.shape)],
    ['details.', details, Object.keys(indexSchema.shape.details.shape)],
    ['backend.', tree(value.backend), ['imageid']],
    ...sections.map((one): [string, Tree, readonly string[]] => ['details…', tree(one), Object.keys(section.shape)]),
  ];
  return places.flatMap(([where, found, known]) =>
    Object.keys(found)
      .filter((key) => !known.includes(key))
      .slice(0, 50)
      .map((key): Item => {
        const why = Object.hasOwn(without, key) ? without[key] : 'nothing here means the same';
        return { file: 'index.json', fate: 'left', text: `${where}${key.slice(0, 80)}: ${why}` };
      }),
  );
}
