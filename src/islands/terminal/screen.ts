/** xterm.js as this site uses it: renderer, add-ons, colours, keys. Knows nothing of sockets. */
import { FitAddon } from '@xterm/addon-fit';
import { UnicodeGraphemesAddon } from '@xterm/addon-unicode-graphemes';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import { onThemeChange, shownTheme } from '../theme.ts';
import type { Size } from './guess.ts';
import { palette } from './palette.ts';

const family = '"JetBrains Mono", ui-monospace, "Noto Sans Mono CJK JP", monospace';

export interface ScreenSettings {
  label: string;
  fontSize: number;
  screenReader: boolean;
  /** What is expected to fit, where that is known: a resize costs a frame. */
  size?: Size | undefined;
  /** Our font has come late: what fits is another size now. */
  onFont(): void;
  /** F6 and Shift-F6: where a keyboard gets out of the terminal. */
  leave(back: boolean): void;
  /** Ctrl-Shift-F. */
  search(): void;
}

export interface Screen {
  readonly terminal: Terminal;
  /** What fits into the element now; undefined while it is hidden. */
  proposed(): Size | undefined;
  dispose(): void;
}

export function openScreen(place: HTMLElement, settings: ScreenSettings): Screen {
  const terminal = new Terminal({
    allowProposedApi: true,
    ...(settings.size && { cols: settings.size.columns, rows: settings.size.rows }),
    cursorBlink: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    fontFamily: family,
    fontSize: settings.fontSize,
    lineHeight: 1.2,
    minimumContrastRatio: 4.5,
    screenReaderMode: settings.screenReader,
    scrollback: 5000,
    theme: palette[shownTheme()],
  });
  const fit = new FitAddon();
  terminal.loadAddon(fit);
  terminal.loadAddon(new WebLinksAddon());
  terminal.loadAddon(new UnicodeGraphemesAddon());
  const font = `${settings.fontSize}px "JetBrains Mono"`;
  const fontThere = document.fonts.check(font);
  terminal.open(place);
  terminal.textarea?.setAttribute('aria-label', settings.label);
  terminal.attachCustomKeyEventHandler((event) => handleKey(event, settings));
  const stopFollowing = onThemeChange((theme) => {
    terminal.options.theme = palette[theme];
  });
  let disposed = false;
  if (!fontThere) {
    // Opened with whatever font was there; measured again when ours is. Only a changed option makes xterm measure.
    void document.fonts.load(font).then(() => {
      if (disposed) return;
      terminal.options.fontFamily = `${family}, sans-serif`;
      settings.onFont();
    });
  }
  return {
    terminal,
    proposed() {
      if (place.offsetParent === null) return undefined;
      const size = fit.proposeDimensions();
      if (!size || Number.isNaN(size.cols)) return undefined;
      return { columns: Math.min(Math.max(size.cols, 2), 500), rows: Math.min(Math.max(size.rows, 1), 300) };
    },
    dispose() {
      disposed = true;
      stopFollowing();
      terminal.dispose();
    },
  };
}

/** @returns false where the key is not the program's in the terminal. */
function handleKey(event: KeyboardEvent, { leave, search }: Pick<ScreenSettings, 'leave' | 'search'>): boolean {
  if (event.key === 'F6' && !event.ctrlKey && !event.altKey) {
    event.preventDefault();
    if (event.type === 'keydown') leave(event.shiftKey);
    return false;
  }
  const ours = event.ctrlKey && event.shiftKey && !event.altKey;
  if (ours && event.code === 'KeyC') {
    // Chrome would open its inspector. xterm answers the copy event with its own selection.
    event.preventDefault();
    if (event.type === 'keydown') document.execCommand('copy');
    return false;
  }
  if (ours && event.code === 'KeyF') {
    event.preventDefault();
    if (event.type === 'keydown') search();
    return false;
  }
  // The browser pastes by itself, and needs no permission for that.
  if (ours && event.code === 'KeyV') return false;
  return !(event.shiftKey && event.key === 'Insert');
}
