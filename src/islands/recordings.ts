/** The page of recordings: the learner's own, one of them played. The player is fetched when one is opened. */
import type { Recording } from '../protocol/terminal-recordings.ts';
import { deleteRecording, readRecordings, recordingFile } from './api.ts';
import { element, icon, language, need, words } from './page.ts';

const t = words.recordings;
const list = need('[data-recordings]');
const status = need('[data-recordings-status]');
const dialog = need<HTMLDialogElement>('#dialog-delete');
const query = new URLSearchParams(location.search);
const lab = query.get('lab') ?? undefined;
let stopPlaying: (() => void) | undefined;

const titles = new Map(
  [...document.querySelectorAll<HTMLElement>('[data-lab-title]')].map((title) => [
    title.dataset.labTitle ?? '',
    title.textContent ?? '',
  ]),
);
const titleOf = ({ lab }: Recording) => titles.get(lab) ?? lab;
const when = (time: string) =>
  new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(time));
const size = (bytes: number) =>
  new Intl.NumberFormat(language, { style: 'unit', unit: 'kilobyte', maximumFractionDigits: 0 }).format(
    Math.max(1, bytes / 1024),
  );

function row(recording: Recording): HTMLElement {
  const name = `${titleOf(recording)}, ${when(recording.startedAt)}`;
  const play = element(
    'button',
    { type: 'button', class: 'button', 'aria-label': `${t.play}: ${name}`, 'data-play': recording.id },
    icon('play'),
    t.play,
  );
  play.addEventListener('click', () => {
    const address = new URL(location.href);
    address.searchParams.set('id', recording.id);
    history.replaceState(null, '', address);
    void show(recording, true);
  });
  const download = element(
    'a',
    {
      class: 'quiet-button',
      href: recordingFile(recording.id),
      download: '',
      'aria-label': `${t.download}: ${name}`,
      title: t.download,
    },
    icon('download'),
  );
  const remove = element(
    'button',
    { type: 'button', class: 'quiet-button', 'aria-label': `${t.delete}: ${name}`, title: t.delete },
    icon('trash-2'),
  );
  remove.addEventListener('click', () => ask(recording));
  return element(
    'li',
    { 'data-recording': recording.id },
    element(
      'div',
      { class: 'what' },
      element('p', { class: 'title' }, titleOf(recording)),
      element(
        'p',
        { class: 'facts' },
        `${when(recording.startedAt)} · ${t.terminal(recording.terminal)} · ${recording.endedAt ? size(recording.bytes) : t.running}`,
      ),
    ),
    play,
    download,
    remove,
  );
}

function ask(recording: Recording): void {
  dialog.returnValue = '';
  dialog.addEventListener('close', () => dialog.returnValue === 'yes' && void remove(recording), { once: true });
  dialog.showModal();
}

async function remove({ id }: Recording): Promise<void> {
  try {
    await deleteRecording(id);
    if (query.get('id') === id || need('[data-player]').dataset.player === id) close();
    await refresh();
  } catch (trouble) {
    say(trouble);
  }
}

const say = (trouble: unknown) => {
  status.textContent = trouble instanceof Error ? trouble.message : words.dialog.noAnswer;
};

function close(): void {
  stopPlaying?.();
  stopPlaying = undefined;
  need('[data-player]').replaceChildren();
  need('[data-player-part]').hidden = true;
}

async function show(recording: Recording, autoPlay: boolean): Promise<void> {
  close();
  const place = need('[data-player]');
  place.dataset.player = recording.id;
  need('[data-player-title]').textContent = `${titleOf(recording)}, ${when(recording.startedAt)}`;
  need('[data-player-part]').hidden = false;
  const { openPlayer } = await import('./player.ts');
  if (place.dataset.player !== recording.id) return;
  stopPlaying = openPlayer(place, recordingFile(recording.id), autoPlay);
}

async function refresh(): Promise<readonly Recording[]> {
  const { recordings } = await readRecordings(lab);
  list.replaceChildren(...recordings.map(row));
  status.textContent = recordings.length === 0 ? t.none : '';
  return recordings;
}

try {
  const recordings = await refresh();
  const wanted = query.get('id');
  const found = recordings.find(({ id }) => id === wanted);
  if (found) await show(found, false);
  else if (wanted) status.textContent = t.notThere;
} catch (trouble) {
  say(trouble);
}
