/** Recording the terminal that is meant: a switch in the menu, and a button over the terminals while it runs. */
import { startRecording, stopRecording } from '../api.ts';
import { showTrouble } from '../lab/dialogs.ts';
import { need, words } from '../page.ts';
import type { Terminals } from './terminals.ts';

export function startRecord(terminals: Terminals, lab: string, closeMenu: () => void): void {
  const choice = need('[data-record]');
  const stop = need('[data-stop-recording]');
  const tell = () => {
    const on = terminals.recording;
    need('[data-record-words]', choice).textContent = on
      ? words.terminal.recording.stop
      : words.terminal.recording.start;
    stop.hidden = !on;
  };
  const ask = async (on: boolean) => {
    try {
      await (on ? startRecording : stopRecording)(lab, terminals.activeName);
    } catch (trouble) {
      showTrouble(trouble instanceof Error ? trouble.message : words.dialog.noAnswer);
    }
  };
  choice.addEventListener('click', () => {
    closeMenu();
    void ask(!terminals.recording);
    terminals.focus();
  });
  stop.addEventListener('click', () => {
    void ask(false);
    terminals.focus();
  });
  terminals.onRecording(tell);
}
