/** Dialogs by the platform's own <dialog>, and small menus. */
import { need } from '../page.ts';

const dialogNamed = (name: string) => need<HTMLDialogElement>(`#dialog-${name}`);

/** @param answers what to do on "yes", by the dialog's name. */
export function startDialogs(answers: Readonly<Record<string, () => void>>): void {
  document.addEventListener('click', ({ target }) => {
    if (!(target instanceof Element)) return;
    const name = target.closest<HTMLElement>('[data-open-dialog]')?.dataset.openDialog;
    if (name) ask(name, answers[name]);
  });
}

function ask(name: string, answer: (() => void) | undefined): void {
  const dialog = dialogNamed(name);
  dialog.returnValue = '';
  dialog.addEventListener('close', () => dialog.returnValue === 'yes' && answer?.(), { once: true });
  dialog.showModal();
}

export function showTrouble(text: string): void {
  need('[data-trouble]').textContent = text;
  ask('trouble', undefined);
}

/** Every <details> that is a menu closes as one does: by Escape, by a click elsewhere, by a choice that ends it. */
export function startMenus(): void {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>('[data-menu]')) startMenu(menu);
}

function startMenu(menu: HTMLDetailsElement): void {
  document.addEventListener('click', ({ target }) => {
    if (!(target instanceof Element)) return;
    const chosen = target.closest('[data-open-dialog]') && menu.contains(target);
    if (!menu.contains(target) || chosen) menu.open = false;
  });
  menu.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !menu.open) return;
    menu.open = false;
    need('summary', menu).focus();
  });
}
