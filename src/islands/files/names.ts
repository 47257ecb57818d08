/** The two questions about names: which one, and whether to delete it. */
import { need } from '../page.ts';

/**
 * Asks until `act` succeeds or the person gives up: what is wrong with a name is told beside it.
 *
 * @param act gets what was typed; throws with a sentence; gives what is to be done when the dialog has given the focus back
 */
export function askName(title: string, value: string, act: (typed: string) => Promise<() => void>): void {
  const dialog = need<HTMLDialogElement>('#dialog-file-name');
  const form = need<HTMLFormElement>('[data-name-form]', dialog);
  const input = need<HTMLInputElement>('[data-name-input]', dialog);
  const trouble = need('[data-name-trouble]', dialog);
  const stop = new AbortController();
  need('[data-name-title]', dialog).textContent = title;
  input.value = value;
  trouble.textContent = '';
  const { signal } = stop;
  form.addEventListener(
    'submit',
    (event) => {
      event.preventDefault();
      act(input.value).then(
        (then) => {
          dialog.close();
          then();
        },
        (error) => {
          trouble.textContent = error instanceof Error ? error.message : String(error);
          input.focus();
        },
      );
    },
    { signal },
  );
  need('[data-name-cancel]', dialog).addEventListener('click', () => dialog.close(), { signal });
  dialog.addEventListener('close', () => stop.abort(), { signal });
  dialog.showModal();
  input.focus();
  // The name and not where it is.
  input.setSelectionRange(value.lastIndexOf('/') + 1, value.length);
}

export function askRemove(title: string, text: string, act: () => void): void {
  const dialog = need<HTMLDialogElement>('#dialog-file-remove');
  need('[data-remove-title]', dialog).textContent = title;
  need('[data-remove-text]', dialog).textContent = text;
  dialog.returnValue = '';
  dialog.addEventListener('close', () => dialog.returnValue === 'yes' && act(), { once: true });
  dialog.showModal();
}
