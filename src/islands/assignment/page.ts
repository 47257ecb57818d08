/** What the pages of assignments share: their words, what labs and tasks are called, who is sent to sign in. */
import { assignmentWords } from '../../i18n/assignment.ts';
import { signInPath } from '../../i18n/index.ts';
import { Refusal } from '../api.ts';
import { reason, say } from '../form.ts';
import { element, language, need } from '../page.ts';

export const t = assignmentWords(language);

interface LabNames {
  readonly title: string;
  readonly tasks: Readonly<Record<string, string>>;
}
const labs: Readonly<Record<string, LabNames>> = JSON.parse(
  document.querySelector<HTMLElement>('[data-labs]')?.dataset.labs ?? '{}',
);

/** One that is not in the course any more is called by its id. */
export const labTitle = (lab: string): string => labs[lab]?.title ?? lab;
export const taskTitle = (lab: string, task: string): string => labs[lab]?.tasks[task] ?? task;

/** Keeps what the address says of the place when the language is changed. */
export function keepAddress(): void {
  const other = need<HTMLAnchorElement>('[data-language-switch]');
  other.search = location.search;
  other.hash = location.hash;
}

/** For instructors' pages: who is not signed in is sent to do so, anything else is said. */
export function trouble(error: unknown): void {
  if (error instanceof Refusal && error.code === 'sign-in-needed') location.replace(signInPath(language));
  else say(need('[data-said]'), reason(error), true);
}

/** Once at a time, and what goes wrong is said. */
export function onClick(node: HTMLButtonElement, act: () => Promise<unknown>): void {
  node.addEventListener('click', async () => {
    if (node.disabled) return;
    node.disabled = true;
    try {
      await act();
    } catch (error) {
      trouble(error);
    } finally {
      node.disabled = false;
    }
  });
}

/** @param name whose: what the eye sees from the row */
export function rowButton(label: string, name: string, act: () => Promise<unknown>): HTMLButtonElement {
  const node = element('button', { type: 'button', class: 'quiet-button', 'aria-label': `${label}: ${name}` }, label);
  onClick(node, act);
  return node;
}

/** A link that is shown once, ready to be copied. */
export function showLink(url: string): void {
  need<HTMLInputElement>('[data-link-field]').value = url;
  need('[data-copied]').textContent = '';
  need('[data-link]').hidden = false;
}

export function startCopying(copied: string): void {
  need('[data-copy]').addEventListener('click', async () => {
    const field = need<HTMLInputElement>('[data-link-field]');
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      need('[data-copied]').textContent = copied;
    } catch {
      // No clipboard without TLS: it is selected, for the person's own keys.
      field.focus();
    }
  });
}

/** Gives the browser a file to keep. */
export function download(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = element('a', { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
