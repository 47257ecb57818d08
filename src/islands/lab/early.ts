/** The lab page's first script, small on purpose: what must not wait for xterm.js. */
import { openEarly } from '../terminal/early.ts';
import { restoreShares } from './shares.ts';

const lab = document.querySelector<HTMLElement>('.lab');
const room = document.querySelector<HTMLElement>('.room');
const stack = document.querySelector<HTMLElement>('[data-terminal-stack]');
if (room) restoreShares(room);
if (lab?.dataset.lab && stack) openEarly(lab.dataset.lab, document.documentElement.lang, stack);
