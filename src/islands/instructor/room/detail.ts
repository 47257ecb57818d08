/** One learner: what they need, what the kernel showed at their last check, their terminals. */

import { joinPath } from '../../../i18n/index.ts';
import type { MatrixRow } from '../../../protocol/workshops.ts';
import { onSubmit, reason, say } from '../../form.ts';
import { element, icon, language, need, words } from '../../page.ts';
import { clockTime } from '../../time.ts';
import { labName } from '../course-data.ts';
import type { WorkshopApi } from '../workshops-api.ts';
import { startHelp } from './help.ts';
import { areSure } from './sure.ts';
import { startWatching, stopWatching, watchedNow } from './watch.ts';

const { room: t } = words.workshop;
const d = t.detail;
const dialog = need<HTMLDialogElement>('#dialog-detail');
const said = need('[data-detail-said]');

export interface Detail {
  open(row: MatrixRow): void;
  /** Something about the learners has changed. */
  refresh(): void;
  labs(labs: readonly string[]): void;
}

export function startDetail(workshop: string, api: WorkshopApi, rowOf: (id: string) => MatrixRow | undefined): Detail {
  let id: string | undefined;
  const now = () => (id === undefined ? undefined : rowOf(id));

  async function act(what: (row: MatrixRow) => Promise<string>): Promise<void> {
    const row = now();
    if (!row) return;
    try {
      say(said, await what(row));
    } catch (trouble) {
      say(said, reason(trouble), true);
    }
  }
  const button = (label: string, sign: string, name: string, what: (row: MatrixRow) => Promise<string>) => {
    const node = element('button', { type: 'button', class: 'button', 'data-do': name }, icon(sign), label);
    node.addEventListener('click', () => act(what));
    return node;
  };

  function actions(row: MatrixRow): HTMLElement[] {
    const done = async (count: Promise<number>) => t.done(await count);
    return [
      ...(row.handAt === null ? [] : [button(d.lowerHand, 'hand', 'hand', ({ id: who }) => done(api.lowerHand(who)))]),
      ...(row.rooms.length === 0 ? [] : [button(t.extend, 'clock', 'extend', ({ id: who }) => done(api.extend(who)))]),
      ...row.rooms.map(({ lab }) =>
        button(`${d.reset}: ${labName(lab)}`, 'rotate-ccw', 'reset', async ({ id: who }) =>
          (await areSure(d.resetSure(labName(lab)), d.reset)) ? done(api.reset(who, lab)) : '',
        ),
      ),
      button(d.link, 'copy', 'link', async ({ id: who, name }) => {
        const link = `${location.origin}${joinPath(language)}#me=${await api.link(who)}`;
        return `${link} · ${d.linkText(name)}`;
      }),
      button(d.remove, 'log-out', 'remove', async ({ id: who, name }) => {
        if (!(await areSure(d.removeSure(name), d.remove))) return '';
        await api.remove(who);
        dialog.close();
        return '';
      }),
    ];
  }

  function terminals({ rooms, id: member, name }: MatrixRow): HTMLElement[] {
    const open = rooms.flatMap(({ lab, terminals: names }) => names.map((terminal) => ({ lab, terminal })));
    if (open.length === 0) return [element('p', { class: 'quiet' }, d.noTerminals)];
    return open.map(({ lab, terminal }) => {
      const node = element(
        'button',
        { type: 'button', class: 'button', 'data-watch-terminal': terminal },
        icon('eye'),
        d.watch(labName(lab), terminal),
      );
      node.addEventListener('click', () => startWatching({ workshop, member, name, lab, terminal }));
      return node;
    });
  }

  async function evidence(lab: string): Promise<void> {
    const place = need('[data-detail-evidence]');
    try {
      const attempt = await api.lastCheck(id ?? '', lab);
      const rows = (attempt?.checks ?? []).map(({ title, status, evidence: seen, reason: why }) =>
        element(
          'article',
          { class: 'trouble', 'data-status': status },
          element('h4', {}, icon(status === 'passed' ? 'check' : status === 'failed' ? 'x' : 'minus'), ` ${title}`),
          ...seen.map(({ source, expected, actual }) =>
            element(
              'dl',
              {},
              ...[
                [d.expected, expected],
                [d.actual, actual],
                [d.source, source],
              ].flatMap(([term, text]) => [
                element('dt', {}, term ?? ''),
                element('dd', {}, element('code', {}, text ?? '')),
              ]),
            ),
          ),
          why && element('p', {}, why),
        ),
      );
      const said = attempt ? rows : [element('p', { class: 'quiet' }, d.noEvidence)];
      place.replaceChildren(element('h4', { class: 'quiet' }, labName(lab)), ...said);
    } catch (trouble) {
      place.replaceChildren(element('p', { class: 'quiet' }, reason(trouble)));
    }
  }

  /** Buttons are made anew only where what they act on has changed: a click must not fall between two of them. */
  let drawn = '';
  function draw(row: MatrixRow): void {
    need('[data-detail-name]').textContent = row.name;
    const ends = row.rooms.map(({ lab, expiresAt }) => `${labName(lab)}: ${d.sandboxEnds(clockTime(expiresAt))}`);
    need('[data-detail-about]').textContent = [row.email, ...ends].filter(Boolean).join(' · ');
    const shape = JSON.stringify([
      row.id,
      row.handAt,
      row.rooms.map(({ lab, terminals: names }) => [lab, names]),
      row.labs.map(({ lab }) => lab),
    ]);
    if (shape === drawn) return;
    drawn = shape;
    need('[data-detail-actions]').replaceChildren(...actions(row));
    need('[data-detail-terminals]').replaceChildren(...terminals(row));
    need('[data-detail-labs]').replaceChildren(
      ...row.labs.map(({ lab }) => {
        const node = element(
          'button',
          { type: 'button', class: 'quiet-button', 'data-evidence-of': lab },
          labName(lab),
        );
        node.addEventListener('click', () => evidence(lab));
        return node;
      }),
    );
  }

  dialog.addEventListener('close', () => {
    stopWatching();
    const row = id;
    id = undefined;
    document.querySelector<HTMLElement>(`[data-row="${CSS.escape(row ?? '')}"] button`)?.focus();
  });
  need('[data-detail-close]').addEventListener('click', () => dialog.close());
  need('[data-watch-ask]').addEventListener('click', () =>
    act(async () => {
      const watched = watchedNow();
      if (watched) await api.askToType(watched.member, watched.lab, watched.terminal);
      return '';
    }),
  );
  const form = need<HTMLFormElement>('[data-message-one]');
  onSubmit(form, said, async (value) => {
    const count = await api.message(id ?? '', value('text'));
    form.reset();
    return t.sent(count);
  });
  const setLabs = startHelp(need('[data-help-one]'), ({ lab, hint }) =>
    act(async (row) => t.done(await api.help(row.id, lab, hint))),
  );

  return {
    open(row) {
      id = row.id;
      drawn = '';
      say(said, '');
      need('[data-detail-evidence]').replaceChildren();
      draw(row);
      dialog.showModal();
      need('[data-detail-name]').focus();
      const lab = row.now?.lab ?? row.rooms[0]?.lab ?? row.labs[0]?.lab;
      if (lab !== undefined) void evidence(lab);
    },
    refresh() {
      const row = now();
      if (row) draw(row);
      else if (dialog.open) dialog.close();
    },
    labs: setLabs,
  };
}
