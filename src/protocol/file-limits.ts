/** The number that the editor needs without the schemas of files.ts. */

/** Bytes of a file that is read or saved here. */
export const FILE_LIMIT = 1024 * 1024;
