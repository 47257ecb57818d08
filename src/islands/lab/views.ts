/** Which part is seen on a narrow page, and whether the task list is open on a wide one. */
import { need, words } from '../page.ts';

export type View = 'lesson' | 'terminal' | 'tasks';
const narrow = matchMedia('(max-width: 899.98px)');
const lab = need('.lab');
const toggle = need<HTMLButtonElement>('[data-toggle-tasks]');

const isView = (value: string | undefined): value is View => ['lesson', 'terminal', 'tasks'].includes(value ?? '');

export function showView(view: View): void {
  lab.dataset.view = view;
  for (const button of document.querySelectorAll<HTMLElement>('[data-show-view]')) {
    button.setAttribute('aria-pressed', String(button.dataset.showView === view));
  }
  tellToggle();
}

function tellToggle(): void {
  const open = narrow.matches ? lab.dataset.view === 'tasks' : lab.hasAttribute('data-tasks-open');
  toggle.setAttribute('aria-expanded', String(open));
  toggle.title = open ? words.tasks.hide : words.tasks.show;
}

function setTasksOpen(open: boolean): void {
  lab.toggleAttribute('data-tasks-open', open);
  need('[data-divider="tasks"]').hidden = !open;
  tellToggle();
}

export function openTasks(): void {
  if (narrow.matches) showView('tasks');
  else setTasksOpen(true);
}

export function showTask(id: string): void {
  openTasks();
  const task = document.getElementById(`task-${id}`);
  if (!task) return;
  task.scrollIntoView({ block: 'nearest' });
  need('h2', task).focus({ preventScroll: true });
}

/** Out of the terminal by keyboard. */
export function leaveTerminal(back: boolean): void {
  if (back) {
    if (narrow.matches) showView('lesson');
    need('#lesson').focus();
  } else need<HTMLButtonElement>('[data-check]').focus();
}

export function startViews(): void {
  toggle.addEventListener('click', () => {
    if (narrow.matches) showView(lab.dataset.view === 'tasks' ? 'terminal' : 'tasks');
    else setTasksOpen(!lab.hasAttribute('data-tasks-open'));
  });
  narrow.addEventListener('change', tellToggle);
  document.addEventListener('click', ({ target }) => {
    if (!(target instanceof Element)) return;
    const view = target.closest<HTMLElement>('[data-show-view]')?.dataset.showView;
    if (isView(view)) showView(view);
    const task = target.closest<HTMLElement>('[data-show-task]')?.dataset.showTask;
    if (task) showTask(task);
  });
}
