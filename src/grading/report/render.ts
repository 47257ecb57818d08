/** A report in the format that was asked for, with a line break at the end. */
import { junit } from './junit.ts';
import { markdown } from './markdown.ts';
import type { Format, Report } from './report.ts';
import { results } from './results.ts';

const renderers: Readonly<Record<Format, (report: Report) => string>> = {
  json: (report) => JSON.stringify(report),
  junit,
  results: (report) => JSON.stringify(results(report), null, 2),
  markdown,
};

export const render = (format: Format, report: Report): string => `${renderers[format](report).trimEnd()}\n`;
