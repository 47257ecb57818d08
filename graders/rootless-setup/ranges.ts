/** Lines of /etc/subuid and /etc/subgid: name or number of a user, first id, how many. */

export interface Range {
  readonly start: number;
  readonly count: number;
}
export interface Line extends Range {
  readonly user: string;
}

/** More lines than any host of this lab has; a longer file is judged by its first ones. */
const mostLines = 200;

/** As newuidmap reads them: a line that is not of three fields with two numbers counts for nobody. */
export function parseLines(text: string): Line[] {
  return text
    .split('\n')
    .slice(0, mostLines)
    .flatMap((line) => {
      const [, user, start, count] = /^([^:\s]+):(\d{1,10}):(\d{1,10})$/.exec(line) ?? [];
      return user === undefined ? [] : [{ user, start: Number(start), count: Number(count) }];
    });
}

/** 'hana:100000:9000 ken:130000:30000': what lab.yaml draws, and prepare.sh writes. */
export const drawnLines = (text: string): Line[] => parseLines(text.replaceAll(' ', '\n'));

export const overlaps = (a: Range, b: Range): boolean =>
  a.start < b.start + b.count && b.start < a.start + a.count && a.count > 0 && b.count > 0;

/** Every id of the range is in one of the others, which may lie side by side. */
export function covered({ start, count }: Range, others: readonly Range[]): boolean {
  let next = start;
  for (const other of [...others].sort((a, b) => a.start - b.start)) {
    if (other.start <= next && next < other.start + other.count) next = other.start + other.count;
  }
  return next >= start + count;
}

export const sum = (ranges: readonly Range[]): number => ranges.reduce((total, { count }) => total + count, 0);
export const show = (ranges: readonly Range[]): string =>
  ranges
    .slice(0, 8)
    .map(({ start, count }) => `${start}-${start + count - 1}`)
    .join(', ') || 'none';
