/** The menu over the terminals: size and layout, search, names, what programs may do. */
import { need } from '../page.ts';
import { letProgramsCopy, programsMayCopy } from './clipboard.ts';
import type { Direction } from './layout.ts';
import { startRecord } from './record.ts';
import type { Terminals } from './terminals.ts';

export function startTerminalMenu(terminals: Terminals, lab: string): void {
  const menu = need<HTMLDetailsElement>('[data-menu="terminal"]');
  const all = (selector: string) => menu.querySelectorAll<HTMLElement>(selector);
  const close = () => {
    menu.open = false;
  };

  for (const button of all('[data-font]')) {
    button.addEventListener('click', () => terminals.changeFont(Number(button.dataset.font)));
  }
  startSwitch(
    need('[data-screen-reader]', menu),
    () => terminals.screenReader,
    (on) => terminals.setScreenReader(on),
  );
  startSwitch(need('[data-programs-copy]', menu), programsMayCopy, letProgramsCopy);

  const layouts = all('[data-split]');
  const tellLayout = () => {
    for (const button of layouts) {
      button.setAttribute('aria-pressed', String(button.dataset.split === (terminals.direction ?? '')));
    }
  };
  for (const button of layouts) {
    button.addEventListener('click', () => {
      terminals.split((button.dataset.split || undefined) as Direction | undefined);
      tellLayout();
      close();
      terminals.focus();
    });
  }
  menu.addEventListener('toggle', tellLayout);
  tellLayout();

  need('[data-search]', menu).addEventListener('click', () => {
    close();
    void terminals.active?.search();
  });
  startRename(terminals, close);
  startRecord(terminals, lab, close);
}

function startSwitch(button: HTMLElement, now: () => boolean, set: (on: boolean) => void): void {
  const tell = () => button.setAttribute('aria-pressed', String(now()));
  button.addEventListener('click', () => {
    set(!now());
    tell();
  });
  tell();
}

function startRename(terminals: Terminals, close: () => void): void {
  const dialog = need<HTMLDialogElement>('#dialog-rename');
  const field = need<HTMLInputElement>('input', dialog);
  const open = () => {
    close();
    field.value = terminals.activeLabel;
    dialog.returnValue = '';
    dialog.showModal();
    field.select();
  };
  need('[data-rename]').addEventListener('click', open);
  const tabs = need('[data-terminal-tabs]');
  tabs.addEventListener('dblclick', open);
  tabs.addEventListener('keydown', (event) => {
    if (event.key === 'F2') open();
  });
  need('[data-cancel]', dialog).addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', () => {
    if (dialog.returnValue === 'yes') terminals.rename(field.value);
    terminals.focus();
  });
}
