import { need } from '../../page.ts';

/** Asks first. @returns whether the person is sure */
export function areSure(question: string, yes: string): Promise<boolean> {
  const dialog = need<HTMLDialogElement>('#dialog-sure');
  need('[data-sure]').textContent = question;
  need('[data-sure-yes]').textContent = yes;
  dialog.returnValue = '';
  dialog.showModal();
  return new Promise((resolve) =>
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true }),
  );
}
