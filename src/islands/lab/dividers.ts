/** Dividers that move by pointer and by arrow keys, and are remembered (shares.ts puts them back). */
import { need } from '../page.ts';
import { remember } from '../storage.ts';
import { dividerKey, recallShare, setShare } from './shares.ts';

const STEP = 2;

function startDivider(divider: HTMLElement): void {
  const name = divider.dataset.divider ?? '';
  const vertical = divider.getAttribute('aria-orientation') === 'vertical';
  const least = Number(divider.getAttribute('aria-valuemin'));
  const most = Number(divider.getAttribute('aria-valuemax'));
  const room = need<HTMLElement>('.room');
  const now = () => Number(divider.getAttribute('aria-valuenow'));

  const tell = (share: number) => divider.setAttribute('aria-valuenow', String(share));
  const set = (share: number) => {
    const rounded = Math.round(Math.min(Math.max(share, least), most) * 10) / 10;
    setShare(name, rounded);
    tell(rounded);
  };
  const keep = () => remember(dividerKey(name), String(now()));
  const remembered = recallShare(name);
  if (remembered) tell(remembered);

  divider.addEventListener('pointerdown', (event) => {
    event.preventDefault();
    divider.setPointerCapture(event.pointerId);
    divider.toggleAttribute('data-dragging', true);
  });
  divider.addEventListener('pointermove', (event) => {
    if (!divider.hasPointerCapture(event.pointerId)) return;
    const area = (divider.parentElement ?? room).getBoundingClientRect();
    // The lesson is before its divider, the tasks are after theirs; the pointer holds the divider by its middle.
    const pixels = vertical
      ? event.clientX - area.left - divider.offsetWidth / 2
      : area.bottom - event.clientY - divider.offsetHeight / 2;
    set((pixels / (vertical ? area.width : area.height)) * 100);
  });
  divider.addEventListener('lostpointercapture', () => {
    divider.removeAttribute('data-dragging');
    keep();
  });
  divider.addEventListener('keydown', (event) => {
    const share = {
      [vertical ? 'ArrowLeft' : 'ArrowDown']: now() - STEP,
      [vertical ? 'ArrowRight' : 'ArrowUp']: now() + STEP,
      Home: least,
      End: most,
    }[event.key];
    if (share === undefined) return;
    event.preventDefault();
    set(share);
    keep();
  });
}

export function startDividers(): void {
  for (const divider of document.querySelectorAll<HTMLElement>('[data-divider]')) startDivider(divider);
}
