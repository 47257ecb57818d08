/** Run and Copy on the lesson's code. */
import { need, words } from '../page.ts';

const t = words.code;

/** Without a secure origin (a workshop on http://192.168…) there is no navigator.clipboard; the old way still works. */
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const carrier = document.createElement('textarea');
    carrier.value = text;
    document.body.append(carrier);
    carrier.select();
    const done = document.execCommand('copy');
    carrier.remove();
    return done;
  }
}

const textOf = (block: Element) => need('code', block).textContent?.replace(/\n+$/, '') ?? '';

export function startCopy(block: Element): void {
  const button = need<HTMLButtonElement>('[data-copy-code]', block);
  const label = need('[data-copy-words]', button);
  button.addEventListener('click', async () => {
    label.textContent = (await copy(textOf(block))) ? t.copied : t.copyFailed;
    button.focus();
    setTimeout(() => {
      label.textContent = t.copy;
    }, 1500);
  });
}

export interface CodeOptions {
  /** @param byKeyboard then the focus stays where it is. */
  run(command: string, administrator: boolean, byKeyboard: boolean): void;
}

/** @returns how to tell whether commands can be run now. */
export function startCode({ run }: CodeOptions): (ready: boolean) => void {
  const runs: HTMLButtonElement[] = [];
  for (const block of document.querySelectorAll('[data-code-block]')) {
    startCopy(block);
    const button = block.querySelector<HTMLButtonElement>('[data-run-code]');
    if (!button) continue;
    runs.push(button);
    button.addEventListener('click', ({ detail }) => {
      if (button.ariaDisabled === 'true') return;
      run(textOf(block), button.dataset.runCode === 'administrator', detail === 0);
    });
  }
  return (ready) => {
    for (const button of runs) {
      // Not `disabled`: a button that has the focus would lose it when the connection blinks.
      button.ariaDisabled = String(!ready);
      button.title = ready ? t.runTitle : t.notReady;
    }
  };
}
