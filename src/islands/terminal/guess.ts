/** How large the first terminal will be, told before the page is laid out: styles/lab.css, terminal.css and xterm.js in numbers. */

/** Ascent, descent and advance of JetBrains Mono, as shares of the font's size; xterm.js rounds them as below. */
const FONT = { ascent: 1.02, descent: 0.3, advance: 0.6, line: 1.2 };
/** Padding and scroll bar round the cells. */
const ROUND = { width: 30, height: 16 };
const DIVIDER = 9;
/** The bar of the page, the tabs of the work, the bar over the terminal, the strip under it. */
const BARS = 48 + 36 + 40 + 57;
/** Under the terminal where the pointer is a finger. */
const KEYS = 45;
/** From here on (in pixels) the terminal stands beside the lesson; on a narrower page it is not seen at first. */
const WIDE = 900;

export interface Page {
  width: number;
  height: number;
  /** Device pixels for one of these. */
  density: number;
  fontSize: number;
  /** The lesson's share of the width, in percent. */
  lessonShare: number;
  coarse: boolean;
}

export interface Size {
  columns: number;
  rows: number;
}

export function guessSize({ width, height, density, fontSize, lessonShare, coarse }: Page): Size {
  if (width < WIDE) return { columns: 80, rows: 24 };
  const glyph = Math.round(FONT.ascent * fontSize) + Math.round(FONT.descent * fontSize);
  const line = Math.floor(Math.ceil(glyph * density) * FONT.line) / density;
  const besides = (width * lessonShare) / 100 + DIVIDER + ROUND.width;
  const columns = Math.floor((width - besides) / (FONT.advance * fontSize));
  const rows = Math.floor((height - BARS - (coarse ? KEYS : 0) - ROUND.height) / line);
  return { columns: Math.min(Math.max(columns, 2), 500), rows: Math.min(Math.max(rows, 1), 300) };
}
