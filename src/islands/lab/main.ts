/** The lab page: joins terminals, tasks and the server's state. The terminal first, the rest when it has been painted. */
import type { LiveFrame } from '../../protocol/live.ts';
import { checkLab, extendLab, resetLab, stopLab } from '../api.ts';
import { need, words } from '../page.ts';
import { startTerminalMenu } from '../terminal/menu.ts';
import { Terminals } from '../terminal/terminals.ts';
import { startCode } from './code.ts';
import { showTrouble, startDialogs, startMenus } from './dialogs.ts';
import { startDividers } from './dividers.ts';
import { startLearning } from './learning.ts';
import { startLive } from './live.ts';
import { showParameters } from './parameters.ts';
import { startPorts } from './ports.ts';
import { announce, showAttempt } from './tasks.ts';
import { startTimer } from './timer.ts';
import { leaveTerminal, openTasks, showView, startViews } from './views.ts';
import { showWork, startWork } from './work.ts';

const page = need('.lab').dataset;
const lab = page.lab ?? '';
const timer = startTimer(() => announce(words.lab.fiveMinutes));
let setRunnable: ((ready: boolean) => void) | undefined;

const terminals = new Terminals({
  lab,
  administrator: page.administrator !== undefined,
  leave: leaveTerminal,
  onReady: (expiresAt) => timer.set(expiresAt),
  onState(state) {
    setRunnable?.(state === 'ready');
    if (state === 'expired' || state === 'stopped') timer.set(null);
  },
});

function onLive(frame: LiveFrame): void {
  if (frame.type === 'attempt') {
    showAttempt(frame.attempt, frame.attempt?.trigger === 'automatic' ? 'progress' : 'silent');
    return;
  }
  showParameters(frame.sandbox.parameters);
  timer.set(frame.sandbox.expiresAt);
}

const sentence = (trouble: unknown) => (trouble instanceof Error ? trouble.message : words.dialog.noAnswer);

function startCheck(): void {
  const button = need<HTMLButtonElement>('[data-check]');
  const label = need('[data-check-words]', button);
  button.addEventListener('click', async () => {
    if (button.ariaDisabled === 'true') return;
    button.ariaDisabled = 'true';
    label.textContent = words.tasks.checking;
    announce(words.tasks.checking);
    try {
      showAttempt(await checkLab(lab), 'all');
      openTasks();
    } catch (trouble) {
      const text = `${words.tasks.failed}: ${sentence(trouble)}`;
      need('[data-tasks-message]').textContent = text;
      announce(text);
      openTasks();
    } finally {
      button.ariaDisabled = 'false';
      label.textContent = words.tasks.check;
    }
  });
}

async function reset(): Promise<void> {
  try {
    timer.set((await resetLab(lab)).expiresAt);
    terminals.reconnect();
  } catch (trouble) {
    showTrouble(sentence(trouble));
  }
}

async function stop(): Promise<void> {
  try {
    timer.set((await stopLab(lab)).expiresAt);
  } catch (trouble) {
    showTrouble(sentence(trouble));
  }
}

async function extend(): Promise<void> {
  try {
    const { expiresAt } = await extendLab(lab);
    timer.set(expiresAt);
    announce(need('[data-time-words]').textContent ?? '');
  } catch (trouble) {
    showTrouble(sentence(trouble));
  }
}

function startRest(): void {
  setRunnable = startCode({
    run(command, administrator, byKeyboard) {
      showView('terminal');
      showWork('terminal');
      terminals.run(command, administrator);
      if (!byKeyboard) terminals.focus();
    },
  });
  setRunnable(terminals.ready);
  const learning = startLearning(lab);
  startLive(lab, onLive);
  void import('../workshop/lab.ts').then(({ startWorkshop }) => startWorkshop({ lab, terminals, learning }));
  startCheck();
  need('[data-extend]').addEventListener('click', extend);
  startMenus();
  startTerminalMenu(terminals, lab);
  startViews();
  startWork(lab);
  startPorts(lab);
  startDividers();
  startDialogs({ reset, stop });
}

// A page that is not seen has no frames.
if (document.hidden) startRest();
else requestAnimationFrame(() => setTimeout(startRest));
