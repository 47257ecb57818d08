/** Two terminals at once: side by side or one above the other, with a divider between them; remembered for each lab. */
import { element, words } from '../page.ts';
import { remember } from '../storage.ts';
import { type Direction, type Layout, layoutKey, SHARE, writeLayout } from './layout.ts';

const STEP = 2;
/** Where two side by side are too narrow to be read: styles/terminal.css. */
const narrow = matchMedia('(max-width: 899.98px)');

export class Split {
  readonly #stack: HTMLElement;
  readonly #lab: string;
  readonly #divider = element('hr', {
    class: 'divider',
    tabindex: '0',
    'aria-label': words.terminal.splitDivider,
    'aria-valuemin': String(SHARE.least),
    'aria-valuemax': String(SHARE.most),
    'data-split-divider': '',
  });
  #layout: Layout | undefined;

  constructor(stack: HTMLElement, lab: string, layout: Layout | undefined) {
    this.#stack = stack;
    this.#lab = lab;
    this.#layout = layout;
    stack.append(this.#divider);
    narrow.addEventListener('change', () => this.#draw());
    this.#divider.addEventListener('pointerdown', (event) => {
      event.preventDefault();
      this.#divider.setPointerCapture(event.pointerId);
      this.#divider.toggleAttribute('data-dragging', true);
    });
    this.#divider.addEventListener('pointermove', (event) => this.#drag(event));
    this.#divider.addEventListener('lostpointercapture', () => {
      this.#divider.removeAttribute('data-dragging');
      this.#keep();
    });
    this.#divider.addEventListener('keydown', (event) => this.#key(event));
    this.#draw();
  }

  get direction(): Direction | undefined {
    return this.#layout?.direction;
  }

  /** The two that are seen, in their order. */
  get panes(): readonly [string, string] | undefined {
    return this.#layout?.panes;
  }

  set(layout: Omit<Layout, 'share'> | undefined): void {
    this.#layout = layout && { ...layout, share: this.#layout?.share ?? SHARE.default };
    this.#draw();
    this.#keep();
  }

  get #stacked(): boolean {
    return narrow.matches || this.#layout?.direction === 'below';
  }

  #keep(): void {
    remember(layoutKey(this.#lab), this.#layout ? writeLayout(this.#layout) : null);
  }

  #draw(): void {
    const layout = this.#layout;
    this.#divider.hidden = !layout;
    if (!layout) {
      delete this.#stack.dataset.layout;
      return;
    }
    this.#stack.dataset.layout = this.#stacked ? 'below' : 'beside';
    this.#stack.style.setProperty('--split-share', `${layout.share}%`);
    this.#divider.setAttribute('aria-orientation', this.#stacked ? 'horizontal' : 'vertical');
    this.#divider.setAttribute('aria-valuenow', String(layout.share));
  }

  #move(share: number): void {
    if (!this.#layout) return;
    const whole = Math.round(Math.min(Math.max(share, SHARE.least), SHARE.most));
    this.#layout = { ...this.#layout, share: whole };
    this.#draw();
  }

  #drag(event: PointerEvent): void {
    if (!this.#divider.hasPointerCapture(event.pointerId)) return;
    const area = this.#stack.getBoundingClientRect();
    const share = this.#stacked ? (event.clientY - area.top) / area.height : (event.clientX - area.left) / area.width;
    this.#move(share * 100);
  }

  #key(event: KeyboardEvent): void {
    const now = this.#layout?.share ?? SHARE.default;
    const share = {
      [this.#stacked ? 'ArrowUp' : 'ArrowLeft']: now - STEP,
      [this.#stacked ? 'ArrowDown' : 'ArrowRight']: now + STEP,
      Home: SHARE.least,
      End: SHARE.most,
    }[event.key];
    if (share === undefined) return;
    event.preventDefault();
    this.#move(share);
    this.#keep();
  }
}
