/** Links of a lesson into the preview: they fill its bar as a person would, and show it. */
import { need } from '../page.ts';
import { remember } from '../storage.ts';
import { showView } from './views.ts';
import { showWork } from './work.ts';

export function startPorts(lab: string): void {
  for (const link of document.querySelectorAll<HTMLElement>('[data-open-port]')) {
    link.addEventListener('click', () => {
      const { openPort = '', openPath = '/' } = link.dataset;
      if (openPort !== '') {
        need<HTMLInputElement>('[data-preview-port]').value = openPort;
        need<HTMLInputElement>('[data-preview-path]').value = openPath;
        // A preview that is opened for the first time starts from what is kept.
        remember(`preview:${lab}`, JSON.stringify([openPort, openPath]));
        need('[data-preview-form]').dispatchEvent(new Event('submit', { cancelable: true }));
      }
      showView('terminal');
      showWork('preview');
    });
  }
}
