/**
 * The lab page's first script, in <head> and blocking, so small on purpose: what must not wait for the page. Bundled for
 * itself as a classic script (layouts/Lab.astro), since a module would wait for all of the page and its styles.
 */
import { openEarly } from '../terminal/early.ts';
import { recallShare, restoreShares, SHARES } from './shares.ts';
import { restoreWork } from './work-place.ts';

const lab = document.currentScript?.dataset.lab;
if (lab) openEarly(lab, document.documentElement.lang, recallShare('lesson') ?? SHARES.lesson);
restoreShares();
if (lab) restoreWork(lab);
