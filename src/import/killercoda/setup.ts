/** Foreground and background scripts: those of the beginning run when a sandbox is made, later ones by a click in the lesson. */
import type { Item } from './report.ts';
import { atHome, missingNeeds } from './scripts.ts';
import type { Source } from './source.ts';

const SCRIPT_LIMIT = 256 * 1024;
/** A sandbox waits so long for its scripts; what has not ended by then goes on by itself. */
const WAIT_S = 12;

/** A script as it will lie in the sandbox or beside the grader, and what there is to say of it. */
export function readScript(source: Source, file: string): { text: string; items: Item[] } {
  const read = source.read(file, SCRIPT_LIMIT).toString('utf8').replaceAll('\r\n', '\n');
  const { text, items } = atHome(read, file);
  return { text, items: [...items, ...missingNeeds(text, file)] };
}

/**
 * setup.sh of the lab, run as the learner: assets where they belong, then the scripts of the beginning. Names are this
 * importer's own; nothing of the scenario is in this text but quoted paths.
 *
 * @param scripts below ~/lab/setup
 */
export function setupScript(laying: readonly string[], scripts: readonly string[]): string {
  const starts = scripts.map((name) => `start ${name}`);
  return [
    '#!/bin/bash',
    '# Made by toride labs import. Runs as the learner, before the learner comes.',
    'cd ~ || exit 1',
    ...laying.map((line) => `{ ${line}; } || echo "an asset could not be laid" >&2`),
    ...(starts.length === 0
      ? []
      : [
          'start() {',
          '  setsid bash "$HOME/lab/setup/$1" > "$HOME/lab/setup/$1.log" 2>&1 < /dev/null &',
          '}',
          ...starts,
          `for ((tenth = 0; tenth < ${WAIT_S * 10}; tenth++)); do`,
          '  [[ -n $(jobs -r) ]] || break',
          '  sleep 0.1',
          'done',
        ]),
    'exit 0',
    '',
  ].join('\n');
}
