/** The files: a tree and an editor on the learner's home, which others change too: the terminal, and what runs there. */
import { isolateHistory } from '@codemirror/commands';
import type { EditorView } from '@codemirror/view';
import { Refusal } from '../api.ts';
import { shownWork } from '../lab/work-place.ts';
import { need, words } from '../page.ts';
import type { Part } from '../part.ts';
import { filesApi } from './api.ts';
import { isUnsaved, lookAt, type OpenFile, readTheirs, type Theirs } from './documents.ts';
import { createEditor, showText } from './editor.ts';
import { askName, askRemove } from './names.ts';
import { folderOf, isWithin, join, nameOf, tidy } from './paths.ts';
import { createTree } from './tree.ts';

const t = words.files;
const LOOK_EVERY_MS = 4000;

const sentence = (trouble: unknown) => (trouble instanceof Error ? trouble.message : words.dialog.noAnswer);

export function start(lab: string): Part {
  const api = filesApi(lab);
  const pane = need('[data-files]');
  const status = need('[data-file-status]');
  const note = need('[data-files-note]');
  const saveButton = need<HTMLButtonElement>('[data-file-save]');
  const compareButton = need<HTMLButtonElement>('[data-file-compare]');
  const texts = need('[data-file-texts]');
  const theirsPlace = need('[data-file-theirs]');
  const open = new Map<string, OpenFile>();
  let shown: OpenFile | undefined;
  let theirsView: EditorView | undefined;
  let looking: Promise<void> | undefined;

  const editor = createEditor(need('[data-file-editor]'), {
    save: () => void save(),
    onChange(state) {
      if (!shown) return;
      const before = isUnsaved(shown);
      shown.state = state;
      if (isUnsaved(shown) !== before) mark();
    },
  });
  const tree = createTree({
    api,
    open: (path) => void openFile(path),
    rename,
    remove,
    isUnsaved: (path) => {
      const file = open.get(path);
      return file !== undefined && isUnsaved(file);
    },
  });

  function say(text: string, trouble = false): void {
    status.textContent = text;
    status.toggleAttribute('data-trouble', trouble);
  }

  const unsaved = () => [...open.values()].filter(isUnsaved);

  /** All that tells whether something is not saved. */
  function mark(): void {
    need('[data-file-unsaved]').hidden = !shown || !isUnsaved(shown);
    tree.render();
    const count = unsaved().length;
    for (const warning of document.querySelectorAll<HTMLElement>('[data-unsaved-warning]')) {
      warning.hidden = count === 0;
      warning.textContent = count === 0 ? '' : t.unsavedElsewhere(count);
    }
  }

  function show(file: OpenFile | undefined): void {
    if (shown && shown !== file) shown.state = editor.view.state;
    shown = file;
    pane.toggleAttribute('data-open', file !== undefined);
    need('[data-files-head]').hidden = !file;
    if (file) {
      need('[data-file-name]').textContent = `~/${file.path}`;
      editor.view.setState(file.state);
      void editor.colour(file.path, () => shown === file);
    }
    showConflict();
    mark();
  }

  function showConflict(): void {
    const theirs = shown?.theirs;
    need('[data-file-conflict]').hidden = theirs === undefined;
    need('[data-file-conflict-text]').textContent = theirs === undefined ? '' : theirs === null ? t.gone : t.changed;
    need('[data-file-take]').textContent = theirs === null ? t.closeIt : t.takeTheirs;
    compareButton.hidden = typeof theirs?.text !== 'string';
    compare(false);
  }

  function compare(on: boolean): void {
    theirsView?.destroy();
    theirsView = undefined;
    const text = shown?.theirs?.text;
    const visible = on && shown !== undefined && typeof text === 'string';
    if (visible) theirsView = showText(need('[data-file-theirs-text]'), shown?.path ?? '', text);
    theirsPlace.hidden = !visible;
    texts.toggleAttribute('data-compared', visible);
    compareButton.setAttribute('aria-pressed', String(visible));
    compareButton.textContent = visible ? t.hideCompare : t.compare;
  }

  async function openFile(path: string): Promise<void> {
    const there = open.get(path);
    if (there) {
      show(there);
      say(t.leave);
      editor.view.focus();
      return;
    }
    try {
      const { text, version } = await api.read(path);
      if (text === null) throw new Error(t.binary);
      const state = editor.stateOf(path, text);
      const file: OpenFile = { path, base: version, state, saved: state.doc };
      open.set(path, file);
      note.textContent = '';
      show(file);
      say(t.leave);
      editor.view.focus();
    } catch (trouble) {
      note.textContent = `${nameOf(path)}: ${sentence(trouble)}`;
    }
  }

  /** The sandbox's text takes the place of the editor's; what was there can be had back by undo. */
  function take(file: OpenFile, theirs: NonNullable<Theirs> & { text: string }): void {
    const state = file === shown ? editor.view.state : file.state;
    const changed = state.update({
      // One step of its own for undo.
      annotations: isolateHistory.of('full'),
      changes: { from: 0, to: state.doc.length, insert: state.toText(theirs.text) },
    });
    file.base = theirs.version;
    file.saved = changed.state.doc;
    delete file.theirs;
    if (file === shown) editor.view.dispatch(changed);
    else file.state = changed.state;
  }

  function forget(file: OpenFile): void {
    open.delete(file.path);
    if (file === shown) show(undefined);
    else mark();
  }

  /** The sandbox has something else than what was read: quietly taken where nothing is lost by it. */
  function differ(file: OpenFile, theirs: Theirs): void {
    if (theirs !== null && theirs.text !== null && !isUnsaved(file)) {
      take(file, { ...theirs, text: theirs.text });
      if (file === shown) say(t.reloaded(nameOf(file.path)));
    } else file.theirs = theirs;
    if (file === shown) showConflict();
    mark();
  }

  async function save(): Promise<void> {
    const file = shown;
    if (!file || saveButton.ariaDisabled === 'true') return;
    const { state } = editor.view;
    saveButton.ariaDisabled = 'true';
    say(t.saving);
    try {
      file.base = await api.save(file.path, file.base, state.sliceDoc());
      file.saved = state.doc;
      file.seen = undefined;
      delete file.theirs;
      say(t.saved);
      showConflict();
      void look();
    } catch (trouble) {
      say(sentence(trouble), true);
      if (trouble instanceof Refusal && trouble.code === 'file-changed') await conflict(file);
    } finally {
      saveButton.ariaDisabled = 'false';
      mark();
    }
  }

  async function conflict(file: OpenFile): Promise<void> {
    try {
      file.theirs = await readTheirs(api, file.path);
      if (file === shown) showConflict();
    } catch (trouble) {
      say(sentence(trouble), true);
    }
  }

  /** Looks at what is open again, one look at a time. */
  function look(): Promise<void> {
    looking ??= (async () => {
      try {
        await tree.refresh();
        note.textContent = '';
        for (const file of open.values()) {
          const found = await lookAt(api, file, tree.entry(file.path));
          if (found) differ(file, found.theirs);
        }
      } catch (trouble) {
        note.textContent = sentence(trouble);
      }
    })().finally(() => {
      looking = undefined;
    });
    return looking;
  }

  function create(title: string, make: (path: string) => Promise<unknown>, opens: boolean): void {
    askName(title, join(tree.folder, ''), async (typed) => {
      const path = tidy(typed);
      await make(path);
      for (let folder = folderOf(path); folder !== ''; folder = folderOf(folder)) tree.expand(folder);
      await look();
      return () => {
        tree.choose(path, true);
        if (opens) void openFile(path);
      };
    });
  }

  function rename(): void {
    const row = tree.chosen;
    if (!row) return;
    askName(t.nameRename(row.entry.name), row.path, async (typed) => {
      const to = tidy(typed);
      const focus = () => tree.choose(to, true);
      if (to === row.path) return focus;
      await api.rename(row.path, to);
      for (const file of [...open.values()].filter(({ path }) => isWithin(path, row.path))) {
        open.delete(file.path);
        file.path = to + file.path.slice(row.path.length);
        open.set(file.path, file);
      }
      if (shown) need('[data-file-name]').textContent = `~/${shown.path}`;
      await look();
      return focus;
    });
  }

  function remove(): void {
    const row = tree.chosen;
    if (!row) return;
    const folder = row.entry.kind === 'directory';
    askRemove(t.removeTitle(row.entry.name), folder ? t.removeFolder : t.removeFile, () => {
      api.remove(row.path, folder).then(
        async () => {
          for (const file of [...open.values()].filter(({ path }) => isWithin(path, row.path))) forget(file);
          await look();
          tree.focus();
        },
        (trouble) => {
          note.textContent = sentence(trouble);
        },
      );
    });
  }

  const acts: Record<string, () => void> = {
    'new-file': () => create(t.nameNewFile, (path) => api.save(path, null, ''), true),
    'new-folder': () => create(t.nameNewFolder, api.makeFolder, false),
    rename,
    remove,
    refresh: () => void look(),
  };
  pane.addEventListener('click', ({ target }) => {
    const act = target instanceof Element ? target.closest<HTMLElement>('[data-file-act]')?.dataset.fileAct : undefined;
    if (act) acts[act]?.();
  });
  saveButton.addEventListener('click', () => void save());
  compareButton.addEventListener('click', () => compare(theirsView === undefined));
  need('[data-file-keep]').addEventListener('click', () => {
    if (shown?.theirs === undefined) return;
    shown.base = shown.theirs?.version ?? null;
    void save();
  });
  need('[data-file-take]').addEventListener('click', () => {
    const file = shown;
    if (file?.theirs === undefined) return;
    const { theirs } = file;
    if (theirs === null) forget(file);
    else if (theirs.text === null) say(t.binary, true);
    else {
      take(file, { ...theirs, text: theirs.text });
      showConflict();
      mark();
    }
    editor.view.focus();
  });
  need('[data-files-back]').addEventListener('click', () => {
    show(undefined);
    tree.focus();
  });
  addEventListener('beforeunload', (event) => {
    if (unsaved().length > 0) event.preventDefault();
  });
  const isSeen = () => shownWork() === 'files' && document.visibilityState === 'visible';
  setInterval(() => isSeen() && void look(), LOOK_EVERY_MS);
  addEventListener('focus', () => isSeen() && void look());
  return { shown: () => void look() };
}
