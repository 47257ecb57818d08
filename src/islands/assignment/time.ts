/** An assignment's times: in its own zone, with the zone's name, and by the reader's clock where that is another. */
import { assignmentWords } from '../../i18n/assignment.ts';
import { wallTime } from '../../protocol/time-zone.ts';
import { language } from '../page.ts';

const FIELDS: Intl.DateTimeFormatOptions = {
  ...{ year: 'numeric', month: 'short', day: 'numeric', weekday: 'short' },
  ...{ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
};
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** @param iso ISO 8601 */
export function timeIn(iso: string, timeZone: string): string {
  const at = Date.parse(iso);
  const there = new Intl.DateTimeFormat(language, { ...FIELDS, timeZone }).format(at);
  const named = `${there} (${timeZone})`;
  if (wallTime(at, timeZone) === wallTime(at, here)) return named;
  return assignmentWords(language).yourTime(named, shortTime(iso, here));
}

/** For tables: without the year, the zone stands elsewhere. */
export const shortTime = (iso: string, timeZone: string): string =>
  new Intl.DateTimeFormat(language, {
    ...{ month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone },
  }).format(Date.parse(iso));
