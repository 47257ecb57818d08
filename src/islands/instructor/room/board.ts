/** The matrix: a row for each learner, kept where it is while what is in it changes; sixty of them without a stutter. */
import type { MatrixRow, Workshop } from '../../../protocol/workshops.ts';
import { element, icon, need, words } from '../../page.ts';
import { courseLab, labName } from '../course-data.ts';

const t = words.workshop.room;
const SIGNS = { passed: 'check', failed: 'x', lost: 'rotate-ccw', open: 'minus' } as const;
const MINUTE_MS = 60_000;
/** Nothing typed and nothing checked for so long, and no page connected. */
const AWAY_MS = 5 * MINUTE_MS;

type Sort = keyof typeof t.sorts;
type Filter = keyof typeof t.filters;
type State = keyof typeof t.states;

const minutesSince = (iso: string | null): number =>
  iso === null ? Number.POSITIVE_INFINITY : Math.floor((Date.now() - Date.parse(iso)) / MINUTE_MS);
const ago = (iso: string | null) => {
  const minutes = minutesSince(iso);
  return minutes === Number.POSITIVE_INFINITY ? '–' : minutes < 1 ? t.now : t.minutes(minutes);
};
const scoreOf = ({ labs }: MatrixRow) => labs.reduce((sum, { score }) => sum + (score ?? 0), 0);

function stateOf(row: MatrixRow): State | undefined {
  if (row.status === 'waiting') return 'waiting';
  if (row.handAt !== null) return 'hand';
  if (row.stuck !== null) return row.stuck;
  return !row.online && minutesSince(row.activeAt) * MINUTE_MS >= AWAY_MS ? 'away' : undefined;
}
const STATE_SIGNS: Record<State, string> = {
  hand: 'hand',
  time: 'clock',
  tries: 'triangle-alert',
  away: 'moon',
  waiting: 'ellipsis',
};
/** Raised hands by who waits longest, then the stuck, then the rest as they came. */
const urgency = (row: MatrixRow): number =>
  ({ hand: 3, tries: 2, time: 2, away: 0, waiting: 0 })[stateOf(row) ?? 'away'] || (stateOf(row) === undefined ? 1 : 0);

const orders: Record<Sort, (a: MatrixRow, b: MatrixRow) => number> = {
  help: (a, b) =>
    urgency(b) - urgency(a) || (a.handAt ?? '').localeCompare(b.handAt ?? '') || a.name.localeCompare(b.name),
  name: (a, b) => a.name.localeCompare(b.name),
  score: (a, b) => scoreOf(b) - scoreOf(a) || a.name.localeCompare(b.name),
  active: (a, b) => (b.activeAt ?? '').localeCompare(a.activeAt ?? '') || a.name.localeCompare(b.name),
};
const filters: Record<Filter, (row: MatrixRow) => boolean> = {
  all: () => true,
  help: (row) => ['hand', 'time', 'tries'].includes(stateOf(row) ?? ''),
  online: ({ online }) => online,
  waiting: ({ status }) => status === 'waiting',
};

interface Shown {
  row: MatrixRow;
  readonly node: HTMLTableRowElement;
}

export interface Board {
  head(workshop: Workshop): void;
  update(rows: readonly MatrixRow[], gone: readonly string[]): void;
  row(id: string): MatrixRow | undefined;
}

/** @param open what happens when a learner is chosen */
export function startBoard(open: (id: string) => void): Board {
  const body = need('[data-matrix-rows]');
  const sort = need<HTMLSelectElement>('[data-sort]');
  const filter = need<HTMLSelectElement>('[data-filter]');
  const search = need<HTMLInputElement>('[data-search]');
  const shown = new Map<string, Shown>();
  let labs: readonly string[] = [];

  function cells(row: MatrixRow): Node[] {
    const tasks = row.labs.flatMap(({ lab, tasks: states }) =>
      states.map((state, index) => {
        const { title = '' } = courseLab(lab).tasks[index] ?? {};
        const label = `${t.task(labName(lab), index + 1, title)}: ${t.tasks[state]}`;
        const cell = element('span', {
          class: 'cell',
          role: 'img',
          'aria-label': label,
          title: label,
          'data-task-state': state,
        });
        if (state !== 'open') cell.append(icon(SIGNS[state]));
        return element('td', index === 0 ? { class: 'first' } : {}, cell);
      }),
    );
    const name = element('button', { type: 'button', class: 'matrix-name', 'aria-label': t.open(row.name) }, row.name);
    name.addEventListener('click', () => open(row.id));
    const state = stateOf(row);
    const now = row.now && courseLab(row.now.lab);
    const place = now ? now.tasks.findIndex(({ id }) => id === row.now?.task) + 1 : 0;
    return [
      element('th', { scope: 'row' }, element('span', { class: 'dot', 'data-online': String(row.online) }), name),
      element(
        'td',
        { class: 'matrix-state' },
        state && element('span', { 'data-row-state': state }, icon(STATE_SIGNS[state]), ` ${t.states[state]}`),
      ),
      ...tasks,
      element('td', { class: 'number first' }, String(scoreOf(row))),
      element('td', {}, now ? `${now.chapter} · ${place}` : '–'),
      element('td', { class: 'number', 'data-since': '' }, row.now ? ago(row.now.since) : '–'),
      element('td', { class: 'number', 'data-active': '' }, ago(row.activeAt)),
    ];
  }

  function draw(one: Shown): void {
    // Who works through the rows by keyboard stays where they are.
    const focused = one.node.contains(document.activeElement);
    one.node.replaceChildren(...cells(one.row));
    if (focused) need('button', one.node).focus();
  }

  function arrange(): void {
    const text = search.value.trim().toLowerCase();
    const fits = ({ row }: Shown) => filters[filter.value as Filter](row) && row.name.toLowerCase().includes(text);
    const wanted = [...shown.values()].filter(fits).sort((a, b) => orders[sort.value as Sort](a.row, b.row));
    const nobody = need('[data-nobody]');
    nobody.hidden = wanted.length > 0;
    nobody.textContent = shown.size === 0 ? t.nobody : t.nobodySo;
    for (const one of shown.values()) if (!wanted.includes(one)) one.node.remove();
    for (const [at, { node }] of wanted.entries()) {
      const there = body.children[at];
      if (there !== node) body.insertBefore(node, there ?? null);
    }
  }

  for (const control of [sort, filter, search]) control.addEventListener('input', arrange);
  setInterval(() => {
    for (const one of shown.values()) {
      const { row, node } = one;
      const since = node.querySelector('[data-since]');
      const active = node.querySelector('[data-active]');
      if (since) since.textContent = row.now ? ago(row.now.since) : '–';
      if (active) active.textContent = ago(row.activeAt);
    }
  }, 10_000);

  return {
    head(workshop) {
      const now = workshop.labs.map(({ lab }) => lab);
      if (now.join() === labs.join()) return;
      labs = now;
      const wide = (label: string, span: number) =>
        element('th', { scope: 'colgroup', colspan: String(Math.max(1, span)), class: 'first' }, label);
      const { name, state, score, now: at, since, active } = t.columns;
      const column = (label: string, rows = '2') => element('th', { scope: 'col', rowspan: rows }, label);
      need('[data-matrix-head]').replaceChildren(
        element(
          'tr',
          {},
          column(name),
          column(state),
          ...labs.map((lab) => wide(labName(lab), courseLab(lab).tasks.length)),
          ...[score, at, since, active].map((label) => column(label)),
        ),
        element(
          'tr',
          {},
          ...labs.flatMap((lab) =>
            courseLab(lab).tasks.map(({ title }, index) =>
              element('th', { scope: 'col', title, class: index === 0 ? 'first' : '' }, String(index + 1)),
            ),
          ),
        ),
      );
    },
    update(rows, gone) {
      for (const id of gone) {
        shown.get(id)?.node.remove();
        shown.delete(id);
      }
      for (const row of rows) {
        const one = shown.get(row.id) ?? { row, node: element('tr', { 'data-row': row.id }) };
        one.row = row;
        shown.set(row.id, one);
        draw(one);
      }
      arrange();
    },
    row: (id) => shown.get(id)?.row,
  };
}
