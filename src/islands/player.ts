/** asciinema's player, in the terminal's colours. It draws cells, never markup: what a program wrote stays text. */
import { create } from 'asciinema-player';
import 'asciinema-player/dist/bundle/asciinema-player.css';
import { palette } from './terminal/palette.ts';
import { onThemeChange, shownTheme } from './theme.ts';

const inks = [
  ...(['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const),
  ...(['brightBlack', 'brightRed', 'brightGreen', 'brightYellow'] as const),
  ...(['brightBlue', 'brightMagenta', 'brightCyan', 'brightWhite'] as const),
] as const;

function paint(place: HTMLElement, theme: 'light' | 'dark'): void {
  const colours = palette[theme];
  const set = (name: string | number, colour = '') => place.style.setProperty(`--ink-${name}`, colour);
  set('foreground', colours.foreground);
  set('background', colours.background);
  for (const [number, ink] of inks.entries()) set(number, colours[ink]);
}

/** @returns how to end it */
export function openPlayer(place: HTMLElement, file: string, autoPlay: boolean): () => void {
  const start = (theme: 'light' | 'dark', autoPlay: boolean) => {
    paint(place, theme);
    // Long pauses are cut. The theme is in styles/recordings.css.
    return create({ url: file, fetchOpts: { credentials: 'same-origin' } }, place, {
      fit: 'width',
      idleTimeLimit: 3,
      theme: 'toride',
      preload: true,
      ...(autoPlay ? { autoPlay } : { poster: 'npt:0:01' }),
      terminalFontFamily: '"JetBrains Mono", ui-monospace, "Noto Sans Mono CJK JP", monospace',
    });
  };
  let player = start(shownTheme(), autoPlay);
  // It reads its colours when it starts.
  const stopFollowing = onThemeChange((theme) => {
    player.dispose();
    player = start(theme, false);
  });
  return () => {
    stopFollowing();
    player.dispose();
  };
}
