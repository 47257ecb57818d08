/** The remembered places of the dividers. Set on the page's root, so that they can be put back before there is more. */
import { recall } from '../storage.ts';

/** Percentages of the room, until somebody moves a divider: styles/lab.css. */
export const SHARES = { lesson: 42, tasks: 45 };

export const dividerKey = (name: string) => `divider:${name}`;

export const recallShare = (name: string): number | undefined => Number(recall(dividerKey(name))) || undefined;

export function setShare(name: string, share: number): void {
  document.documentElement.style.setProperty(`--${name}-share`, `${share}%`);
}

export function restoreShares(): void {
  for (const name of Object.keys(SHARES)) {
    const share = recallShare(name);
    if (share) setShare(name, share);
  }
}
