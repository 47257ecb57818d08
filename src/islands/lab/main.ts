/** The lab page: joins terminals, tasks and the server's state. The terminal first, the rest when it has been painted. */
import { checkLab, readLab, resetLab, stopLab } from '../api.ts';
import { need, words } from '../page.ts';
import { Terminals } from '../terminal/terminals.ts';
import { startCode } from './code.ts';
import { showTrouble, startDialogs, startMenu } from './dialogs.ts';
import { startDividers } from './dividers.ts';
import { showParameters } from './parameters.ts';
import { announce, showAttempt, startHints } from './tasks.ts';
import { startTimer } from './timer.ts';
import { leaveTerminal, openTasks, showView, startViews } from './views.ts';
import { showWork, startWork } from './work.ts';

const page = need('.lab').dataset;
const lab = page.lab ?? '';
const timer = startTimer(() => announce(words.lab.fiveMinutes));
let parametersKnown = false;
let setRunnable: ((ready: boolean) => void) | undefined;

const terminals = new Terminals({
  lab,
  administrator: page.administrator !== undefined,
  leave: leaveTerminal,
  onReady(expiresAt) {
    timer.set(expiresAt);
    if (setRunnable && !parametersKnown) void refresh();
  },
  onState(state) {
    setRunnable?.(state === 'ready');
    if (state === 'expired' || state === 'stopped') timer.set(null);
  },
});

async function refresh(): Promise<void> {
  try {
    const { sandbox, attempt } = await readLab(lab);
    showParameters(sandbox.parameters);
    parametersKnown = Object.keys(sandbox.parameters).length > 0;
    if (sandbox.expiresAt) timer.set(sandbox.expiresAt);
    showAttempt(attempt, false);
  } catch (trouble) {
    // The page works without: the terminal tells whether the server is there, and a check asks again.
    console.warn('The state of the lab could not be read', trouble);
  }
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
      showAttempt(await checkLab(lab), true);
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
    const sandbox = await resetLab(lab);
    parametersKnown = false;
    timer.set(sandbox.expiresAt);
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

function startTerminalMenu(): void {
  startMenu(need<HTMLDetailsElement>('[data-menu]'));
  for (const button of document.querySelectorAll<HTMLElement>('[data-font]')) {
    button.addEventListener('click', () => terminals.changeFont(Number(button.dataset.font)));
  }
  const reader = need('[data-screen-reader]');
  const tell = () => reader.setAttribute('aria-pressed', String(terminals.screenReader));
  reader.addEventListener('click', () => {
    terminals.setScreenReader(!terminals.screenReader);
    tell();
  });
  tell();
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
  void refresh();
  startCheck();
  startHints();
  startTerminalMenu();
  startViews();
  startWork(lab);
  startDividers();
  startDialogs({ reset, stop });
}

// A page that is not seen has no frames.
if (document.hidden) startRest();
else requestAnimationFrame(() => setTimeout(startRest));
