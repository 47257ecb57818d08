/** The remembered places of the dividers, put back before the page is seen. */
import { recall } from '../storage.ts';

export const dividerKey = (name: string) => `divider:${name}`;

/** @param share percentage of the room. */
export function setShare(room: HTMLElement, divider: Element, name: string, share: number): void {
  room.style.setProperty(`--${name}-share`, `${share}%`);
  divider.setAttribute('aria-valuenow', String(share));
}

export function restoreShares(room: HTMLElement): void {
  for (const divider of room.querySelectorAll<HTMLElement>('[data-divider]')) {
    const name = divider.dataset.divider ?? '';
    const share = Number(recall(dividerKey(name)));
    if (share) setShare(room, divider, name, share);
  }
}
