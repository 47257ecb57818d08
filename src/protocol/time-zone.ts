/** Wall clocks of time zones, by what the platform knows of them. Pure. */

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    // Offsets such as +09:00 are taken too, and say nothing of where; a name does.
    return /^[A-Za-z]/.test(name);
  } catch {
    return false;
  }
}

/** Making one takes longer than using it a hundred times. */
const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const there = clocks.get(timeZone);
  if (there) return there;
  const clock = new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
    ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit' },
  });
  clocks.set(timeZone, clock);
  return clock;
}

/** @returns '2026-11-25T23:59', as that zone's clocks show it; the form of an <input type="datetime-local"> */
export function wallTime(instant: number, timeZone: string): string {
  const parts = clockOf(timeZone).formatToParts(instant);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((one) => one.type === type)?.value ?? '';
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}`;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/**
 * When a zone's clocks show this. Where they show it twice, the first time; where they never show it, since they are put
 * forward, as much later as they are put: as java.time and Temporal do it.
 *
 * @param wall as {@link wallTime} gives it
 * @returns milliseconds since the epoch; undefined when it is no time
 */
export function instantOf(wall: string, timeZone: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(wall)) return undefined;
  const asUtc = Date.parse(`${wall}:00.000Z`);
  if (Number.isNaN(asUtc) || new Date(asUtc).toISOString().slice(0, 16) !== wall) return undefined;
  /** What the zone's clocks are ahead of UTC at that moment. */
  const ahead = (instant: number) => Date.parse(`${wallTime(instant, timeZone)}:00.000Z`) - instant;
  // No zone has moved its clocks twice within two days.
  const [before, after] = [ahead(asUtc - DAY_MS), ahead(asUtc + DAY_MS)];
  for (const offset of [before, after]) if (ahead(asUtc - offset) === offset) return asUtc - offset;
  return asUtc - before;
}
