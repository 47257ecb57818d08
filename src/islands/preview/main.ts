/**
 * The preview of a port: an address bar and a frame. What is in the frame is the learner's, on an origin of its own.
 *
 * Its sandbox lets it be that origin (allow-same-origin): without, it would have no storage and no fetch to itself, and
 * nothing is won, since that origin is not the site's. It cannot navigate this page, open windows or show dialogs.
 */
import { ask, Refusal } from '../api.ts';
import { element, icon, language, need, words } from '../page.ts';
import type { Part } from '../part.ts';
import { recall, remember } from '../storage.ts';
import { previewAddress } from './address.ts';

const t = words.preview;
const SANDBOX = 'allow-scripts allow-forms allow-same-origin allow-downloads';

export function start(lab: string): Part {
  const port = need<HTMLInputElement>('[data-preview-port]');
  const path = need<HTMLInputElement>('[data-preview-path]');
  const reload = need<HTMLButtonElement>('[data-preview-reload]');
  const tabPlace = need('[data-preview-tab]');
  const tab = element(
    'a',
    { class: 'quiet-button', target: '_blank', rel: 'noopener noreferrer', title: t.newTab, 'aria-label': t.newTab },
    icon('external-link'),
  );
  tabPlace.append(tab);
  const stage = need('[data-preview-stage]');
  const message = need('[data-preview-words]');
  const key = `preview:${lab}`;
  let origin: string | null = null;
  let frame: HTMLIFrameElement | undefined;

  function say(title: string, text: string): void {
    frame?.remove();
    frame = undefined;
    reload.hidden = true;
    tabPlace.hidden = true;
    need('[data-preview-title]').textContent = title;
    need('[data-preview-text]').textContent = text;
    message.hidden = false;
  }

  function show(): void {
    const address = previewAddress(origin, port.value, path.value);
    port.setAttribute('aria-invalid', String(!address));
    if (!address) {
      say(t.nothingTitle, port.value.trim() === '' ? t.nothingText : t.badPort);
      return;
    }
    remember(key, JSON.stringify([port.value, path.value]));
    // A new one each time: a page that has gone astray or hangs is left behind whole.
    frame?.remove();
    frame = element('iframe', {
      src: address,
      title: t.frame(port.value.trim()),
      sandbox: SANDBOX,
      referrerpolicy: 'no-referrer',
      'data-testid': 'preview-frame',
    });
    message.hidden = true;
    stage.append(frame);
    tab.href = address;
    tabPlace.hidden = false;
    reload.hidden = false;
  }

  /** Asked each time: after a reset the sandbox is another one, and so is its name. */
  async function locate(): Promise<void> {
    try {
      const state = await ask(
        ({ previewSchema }) => previewSchema,
        'GET',
        `/api/labs/${lab}/preview?language=${language}`,
      );
      const moved = state.origin !== origin;
      origin = state.origin;
      if (!origin) return say(t.nowhereTitle, t.nowhereText);
      if (port.value === '' && state.port) port.value = String(state.port);
      if (port.value !== '' && (moved || !frame)) show();
    } catch (trouble) {
      origin = null;
      say(t.nothingTitle, trouble instanceof Refusal ? trouble.message : words.dialog.noAnswer);
    }
  }

  try {
    const kept: unknown = JSON.parse(recall(key) ?? 'null');
    if (Array.isArray(kept)) [port.value, path.value] = kept.map(String) as [string, string];
  } catch {
    // Somebody else's writing: the lab's own port will do.
  }
  need('[data-preview-form]').addEventListener('submit', (event) => {
    event.preventDefault();
    if (origin) show();
    else void locate();
  });
  reload.addEventListener('click', () => void locate().then(() => origin && show()));
  return { shown: () => void locate() };
}
