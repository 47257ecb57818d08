/** The page where anyone has a receipt verified: pasted, chosen or dropped. */
import type { Receipt, ReceiptVerdict } from '../protocol/receipt.ts';
import { verifyReceipt } from './api.ts';
import { element, icon, language, need, words } from './page.ts';

const t = words.verify;
/** As the server's: a larger file need not be sent to be refused. */
const LIMIT = 64 * 1024;
const day = new Intl.DateTimeFormat(language, { dateStyle: 'medium' });
const minute = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });

const place = need('[data-verdict]');
const area = need<HTMLTextAreaElement>('#receipt');

const panel = (valid: boolean, title: string, ...body: (Node | string)[]) =>
  element(
    'section',
    { 'data-valid': String(valid) },
    element('h2', {}, icon(valid ? 'circle-check' : 'x'), title),
    ...body,
  );

const fact = (name: string, meaning: string) => element('div', {}, element('dt', {}, name), element('dd', {}, meaning));

function contents({ name, learner, labs }: Receipt, titles: ReceiptVerdict['titles']): HTMLElement[] {
  const cells = (kind: 'th' | 'td', ...texts: string[]) =>
    element('tr', {}, ...texts.map((text) => element(kind, kind === 'th' ? { scope: 'col' } : {}, text)));
  const p = words.progress;
  return [
    element('dl', {}, fact(t.name, name === null ? t.noName : t.nameText(name)), fact(t.learner, learner.slice(0, 16))),
    element(
      'table',
      {},
      element('thead', {}, cells('th', p.lab, p.best, p.passedAt, p.hints)),
      element(
        'tbody',
        {},
        ...labs.map(({ id, score, max, passedAt, hints }) =>
          cells(
            'td',
            Object.hasOwn(titles, id) ? (titles[id] ?? id) : id,
            words.course.score(score, max),
            day.format(new Date(passedAt)),
            String(hints),
          ),
        ),
      ),
    ),
  ];
}

function show({ receipt, reason, titles }: ReceiptVerdict): void {
  if (receipt) {
    const text = t.validText(receipt.issuer, minute.format(new Date(receipt.issuedAt)));
    place.replaceChildren(panel(true, t.valid, element('p', {}, text), ...contents(receipt, titles)));
  } else {
    place.replaceChildren(panel(false, t.invalid, element('p', {}, t.reasons[reason ?? 'not-a-receipt'])));
  }
}

const say = (text: string) => place.replaceChildren(panel(false, words.dialog.failed, element('p', {}, text)));

async function verify(): Promise<void> {
  const receipt = area.value.trim();
  if (receipt === '') return say(t.empty);
  try {
    show(await verifyReceipt(receipt));
  } catch (trouble) {
    say(trouble instanceof Error ? trouble.message : words.dialog.noAnswer);
  }
}

async function take(file: File | undefined): Promise<void> {
  if (!file) return;
  if (file.size > LIMIT) return say(t.tooLarge);
  area.value = await file.text();
  await verify();
}

export function startVerify(): void {
  need('[data-verify-form]').addEventListener('submit', (event) => {
    event.preventDefault();
    void verify();
  });
  const file = need<HTMLInputElement>('[data-receipt-file]');
  file.addEventListener('change', async () => {
    await take(file.files?.[0]);
    // So that the same file can be chosen once more.
    file.value = '';
  });
  const page = document.documentElement;
  for (const name of ['dragenter', 'dragover'] as const) {
    document.addEventListener(name, (event) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      page.dataset.dropping = '';
    });
  }
  document.addEventListener('dragleave', ({ relatedTarget }) => {
    if (relatedTarget === null) delete page.dataset.dropping;
  });
  document.addEventListener('drop', (event) => {
    delete page.dataset.dropping;
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    void take(event.dataTransfer.files[0]);
  });
}
