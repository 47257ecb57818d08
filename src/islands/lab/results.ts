/** One check's result as elements: it reads like a good review. */
import type { CheckResult } from '../../protocol/api.ts';
import { element, icon, words } from '../page.ts';

const t = words.tasks;

export const stateIcons = {
  open: 'circle',
  passed: 'circle-check',
  partial: 'circle-dot',
  failed: 'x',
  error: 'triangle-alert',
  notApplicable: 'minus',
} as const;

const term = (name: string, ...meaning: (Node | string)[]) =>
  element('div', {}, element('dt', {}, name), element('dd', {}, ...meaning));

/** Lines of evidence keep their shape: they are copied from the kernel. */
const quoted = (text: string) => element('pre', {}, element('code', {}, text));

function evidenceOf(check: CheckResult): HTMLElement[] {
  if (check.waitsFor !== null) return [];
  return check.evidence.map(({ source, expected, actual }) =>
    element(
      'dl',
      { class: 'evidence' },
      term(t.expected, quoted(expected)),
      term(t.actual, quoted(actual)),
      term(t.source, quoted(source)),
    ),
  );
}

function reasonOf({ status, reason, waitsFor }: CheckResult): string | null {
  if (waitsFor === null) return reason;
  return status === 'error' ? words.points.waitsForUnsure(waitsFor) : words.points.waitsFor(waitsFor);
}

/** @param open the person's choice from before, if there is one. */
export function showCheck(check: CheckResult, open: boolean): HTMLDetailsElement {
  const failed = check.status === 'failed' || check.status === 'error';
  const reason = reasonOf(check);
  return element(
    'details',
    { class: 'check', 'data-check-id': check.id, 'data-state': check.status, ...(open ? { open: '' } : {}) },
    element(
      'summary',
      {},
      element('span', { class: 'task-mark' }, icon(stateIcons[check.status])),
      element('span', { class: 'check-title' }, check.title),
      element(
        'span',
        { class: 'check-facts' },
        element('span', { 'data-state-words': '' }, t.checkStatus[check.status]),
        ` · ${t.weight(check.weight)}`,
        check.tamperProof === false && ` · ${t.notTamperProof}`,
      ),
    ),
    element(
      'div',
      { class: 'check-body' },
      reason && element('dl', { class: 'words' }, term(t.reason, reason)),
      ...evidenceOf(check),
      element(
        'dl',
        { class: 'words' },
        term(t.why, check.rationale),
        failed && check.waitsFor === null && term(t.remedy, check.remediation),
        term(t.severityLabel, t.severity[check.severity]),
      ),
    ),
  );
}
