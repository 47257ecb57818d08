/** How the terminals of a lab were laid out last. Apart from split.ts, since the page's first script needs to know. */

export type Direction = 'beside' | 'below';

export interface Layout {
  readonly direction: Direction;
  readonly panes: readonly [string, string];
  /** Of the first pane, in percent. */
  readonly share: number;
}

export const SHARE = { default: 50, least: 20, most: 80 };

export const layoutKey = (lab: string) => `split:${lab}`;
export const writeLayout = ({ direction, panes, share }: Layout): string => [direction, ...panes, share].join(',');

/** @returns undefined for one terminal at a time, and for what is no layout of ours */
export function readLayout(remembered: string | null): Layout | undefined {
  const found = /^(beside|below),([1-9]|administrator),([1-9]|administrator),([2-7]\d|80)$/.exec(remembered ?? '');
  if (!found) return undefined;
  const [, direction, first = '', second = '', share] = found;
  if (first === second) return undefined;
  return { direction: direction as Direction, panes: [first, second], share: Number(share) };
}
