/** The tree of the home: which folders are open, which entry is chosen. Keys as the ARIA pattern has them. */
import type { Entry } from '../../protocol/files.ts';
import { element, icon, need, words } from '../page.ts';
import type { FilesApi } from './api.ts';
import { folderOf, inOrder, nameOf, type Row, visibleRows } from './paths.ts';

export interface TreeOptions {
  api: FilesApi;
  open(path: string): void;
  rename(): void;
  remove(): void;
  isUnsaved(path: string): boolean;
}

export function createTree({ api, open, rename, remove, isUnsaved }: TreeOptions) {
  const place = need('[data-files-tree]');
  const folders = new Map<string, Entry[]>();
  const truncated = new Set<string>();
  const expanded = new Set<string>();
  let chosen = '';
  let rows: Row[] = [];

  function item({ path, entry, level, position, of }: Row): HTMLElement {
    const folder = entry.kind === 'directory';
    const plain = folder || entry.kind === 'file';
    const node = element(
      'div',
      {
        role: 'treeitem',
        class: 'files-item',
        tabindex: path === chosen ? '0' : '-1',
        'aria-level': String(level),
        'aria-posinset': String(position),
        'aria-setsize': String(of),
        'aria-selected': String(path === chosen),
        'data-path': path,
        ...(folder && { 'aria-expanded': String(expanded.has(path)) }),
        ...(entry.name.startsWith('.') && { 'data-hidden': '' }),
      },
      element('span', { class: 'files-turn', 'aria-hidden': 'true' }, icon('chevron-right')),
      icon(folder ? 'folder' : 'file'),
      element('bdi', { class: 'files-label' }, entry.name),
      !plain && element('span', { class: 'files-kind' }, words.files.kinds[entry.kind]),
      isUnsaved(path) &&
        element(
          'span',
          { class: 'files-mark', title: words.files.unsaved },
          icon('circle-dot'),
          element('span', { class: 'visually-hidden' }, words.files.unsaved),
        ),
    );
    node.style.setProperty('--level', String(level - 1));
    return node;
  }

  function render(): void {
    const focused = place.contains(document.activeElement);
    const top = place.scrollTop;
    rows = visibleRows(folders, expanded);
    if (!rows.some(({ path }) => path === chosen)) chosen = rows[0]?.path ?? '';
    const items: HTMLElement[] = rows.map(item);
    if (truncated.size > 0) items.push(element('p', { class: 'files-note', role: 'none' }, words.files.truncated));
    place.replaceChildren(...items);
    place.scrollTop = top;
    if (focused) focus();
  }

  const focus = () => place.querySelector<HTMLElement>('[tabindex="0"]')?.focus();

  function choose(path: string, withFocus = false): void {
    chosen = path;
    for (const node of place.querySelectorAll<HTMLElement>('[role="treeitem"]')) {
      const now = node.dataset.path === path;
      node.setAttribute('aria-selected', String(now));
      node.tabIndex = now ? 0 : -1;
      if (now && withFocus) node.focus();
    }
  }

  /** Reads what is open again. @throws Refusal */
  async function refresh(): Promise<void> {
    const asked = ['', ...expanded];
    for (const { path, entries, truncated: more } of await api.folders(asked)) {
      if (entries) folders.set(path, inOrder(entries));
      else {
        folders.delete(path);
        expanded.delete(path);
      }
      if (entries && more) truncated.add(path);
      else truncated.delete(path);
    }
    render();
  }

  async function toggle(path: string, wanted = !expanded.has(path)): Promise<void> {
    if (wanted) expanded.add(path);
    else expanded.delete(path);
    render();
    // What it held when it was last open is shown until the answer is there.
    if (wanted) await refresh().catch(() => undefined);
  }

  function activate({ path, entry }: Row): void {
    if (entry.kind === 'directory') void toggle(path);
    else open(path);
  }

  const rowOf = (path: string | undefined) => rows.find((row) => row.path === path);

  place.addEventListener('click', ({ target }) => {
    const path = target instanceof Element ? target.closest<HTMLElement>('[data-path]')?.dataset.path : undefined;
    const row = rowOf(path);
    if (!row) return;
    choose(row.path, true);
    activate(row);
  });

  place.addEventListener('keydown', (event) => {
    const index = rows.findIndex(({ path }) => path === chosen);
    const row = rows[index];
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
    const folder = row.entry.kind === 'directory';
    const go = (to: Row | undefined) => to && choose(to.path, true);
    const acts: Record<string, () => unknown> = {
      ArrowDown: () => go(rows[index + 1]),
      ArrowUp: () => go(rows[index - 1]),
      Home: () => go(rows[0]),
      End: () => go(rows.at(-1)),
      ArrowRight: () => folder && (expanded.has(row.path) ? go(rows[index + 1]) : toggle(row.path, true)),
      ArrowLeft: () => (folder && expanded.has(row.path) ? toggle(row.path, false) : go(rowOf(folderOf(row.path)))),
      Enter: () => activate(row),
      ' ': () => activate(row),
      F2: rename,
      Delete: remove,
    };
    const act = acts[event.key];
    if (act) {
      event.preventDefault();
      act();
    } else if (event.key.length === 1) {
      const after = [...rows.slice(index + 1), ...rows.slice(0, index)];
      go(after.find(({ entry }) => entry.name.toLowerCase().startsWith(event.key.toLowerCase())));
    }
  });

  return {
    refresh,
    render,
    focus,
    choose,
    get chosen(): Row | undefined {
      return rowOf(chosen);
    },
    /** Where something new would go: the folder that is chosen, or the one the chosen file is in. */
    get folder(): string {
      const row = rowOf(chosen);
      if (!row) return '';
      return row.entry.kind === 'directory' && expanded.has(row.path) ? row.path : folderOf(row.path);
    },
    expand: (path: string) => expanded.add(path),
    /** As last read; undefined where its folder has not been. */
    entry(path: string): Entry | null | undefined {
      const entries = folders.get(folderOf(path));
      return entries && (entries.find(({ name }) => name === nameOf(path)) ?? null);
    },
  };
}
export type Tree = ReturnType<typeof createTree>;
