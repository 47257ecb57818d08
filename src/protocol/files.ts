/** Bodies below /api/labs/:lab/files: the learner's home as the editor sees it. Paths are relative to it. */
import { z } from 'zod';
import { FILE_LIMIT } from './file-limits.ts';

/** '' is the home. Whether a path leads out of it is the kernel's to tell, not this expression's. */
const pathSchema = z
  .string()
  .max(1024)
  .refine((path) => !/^\/|\/$|\/\/|(^|\/)\.\.?(\/|$)/.test(path) && !path.includes('\0'), 'not a path below the home');
const namedSchema = pathSchema.min(1);
/** SHA-256 of the content. */
const versionSchema = z.string().regex(/^[0-9a-f]{64}$/);

/** GET …/files?path=&path=lab */
export const foldersQuerySchema = z.array(pathSchema).min(1).max(16);
export const foldersSchema = z.object({
  folders: z.array(
    z.object({
      path: z.string(),
      /** null when there is no such folder any more, or it is closed to the learner. */
      entries: z
        .array(
          z.object({
            name: z.string(),
            kind: z.enum(['file', 'directory', 'symlink', 'fifo', 'socket', 'device', 'other']),
            size: z.number(),
            mode: z.string(),
            /** Microseconds since the epoch: told to see a change, not to show. */
            mtime: z.number(),
          }),
        )
        .nullable(),
      /** There are more than are told. */
      truncated: z.boolean(),
    }),
  ),
});
export type Folder = z.infer<typeof foldersSchema>['folders'][number];
export type Entry = NonNullable<Folder['entries']>[number];

/** GET …/files/content?path= */
export const fileQuerySchema = z.object({ path: namedSchema });
export const fileSchema = z.object({
  path: z.string(),
  version: versionSchema,
  mode: z.string(),
  /** null where it is not text in UTF-8. */
  text: z.string().nullable(),
});
export type FileContent = z.infer<typeof fileSchema>;

const bytesOf = (text: string) => new TextEncoder().encode(text).length;

/** PUT …/files/content. base: the version that was edited; null: there must be no such file yet. */
export const saveSchema = z.strictObject({
  path: namedSchema,
  base: versionSchema.nullable(),
  text: z.string().refine((text) => bytesOf(text) <= FILE_LIMIT, 'too large'),
});
export const savedSchema = z.object({ version: versionSchema });
/** POST …/files/folder */
export const folderSchema = z.strictObject({ path: namedSchema });
/** POST …/files/rename */
export const renameSchema = z.strictObject({ path: namedSchema, to: namedSchema });
/** POST …/files/remove. tree: a folder with what is in it. */
export const removeSchema = z.strictObject({ path: namedSchema, tree: z.boolean() });
export const doneSchema = z.object({ done: z.literal(true) });
