/** Keys that a phone's keyboard does not have; shown under the terminal where the pointer is a finger. */
const sequences: Record<string, string> = {
  escape: '\x1b',
  tab: '\t',
  interrupt: '\x03',
  left: '\x1b[D',
  up: '\x1b[A',
  down: '\x1b[B',
  right: '\x1b[C',
};

export function startKeys(toolbar: HTMLElement, type: (data: string) => void): void {
  // Before the button takes the focus: that would close the phone's keyboard.
  toolbar.addEventListener('pointerdown', (event) => event.preventDefault());
  toolbar.addEventListener('click', ({ target }) => {
    const key = target instanceof Element && target.closest<HTMLElement>('[data-key]')?.dataset.key;
    const sequence = key && sequences[key];
    if (sequence) type(sequence);
  });
}
