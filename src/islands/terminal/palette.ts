import type { ISearchDecorationOptions } from '@xterm/addon-search';
import type { ITheme } from '@xterm/xterm';

/**
 * The terminal's colours, in the house's inks. Each of the sixteen keeps 4.5:1 on its ground, "black" on dark and
 * "white" on light too (test/unit/islands/contrast.test.ts); for the other 240, xterm's minimumContrastRatio does.
 */
export const palette: Record<'light' | 'dark', ITheme> = {
  light: {
    background: '#FFFFFF',
    foreground: '#1C1B19',
    cursor: '#B5362F',
    cursorAccent: '#FFFFFF',
    selectionBackground: '#2A4B8D38',
    black: '#1C1B19',
    red: '#B5362F',
    green: '#2B6A4B',
    yellow: '#8A5A00',
    blue: '#2A4B8D',
    magenta: '#7D3C86',
    cyan: '#1F6570',
    white: '#5C5850',
    brightBlack: '#6A655C',
    brightRed: '#C23B33',
    brightGreen: '#2F7551',
    brightYellow: '#8F6200',
    brightBlue: '#3A62B5',
    brightMagenta: '#954AA0',
    brightCyan: '#227280',
    brightWhite: '#3A3833',
  },
  dark: {
    background: '#12151B',
    foreground: '#ECE8E1',
    cursor: '#F0786F',
    cursorAccent: '#12151B',
    selectionBackground: '#8FB1F04D',
    black: '#868A93',
    red: '#F0786F',
    green: '#6FBF96',
    yellow: '#E0B04B',
    blue: '#8FB1F0',
    magenta: '#D19BDD',
    cyan: '#6FC3CF',
    white: '#D5D0C7',
    brightBlack: '#A39E94',
    brightRed: '#F7A19A',
    brightGreen: '#9AD6B7',
    brightYellow: '#EECB80',
    brightBlue: '#B5CDF7',
    brightMagenta: '#E2BEEA',
    brightCyan: '#A0DBE4',
    brightWhite: '#FFFDF9',
  },
};

/** What a search has found, and the one of them that is looked at. The terminal's text keeps 4.5:1 on all of these. */
export const matches: Record<'light' | 'dark', ISearchDecorationOptions> = {
  light: {
    matchBackground: '#F7E7C4',
    matchOverviewRuler: '#8A5A00',
    activeMatchBackground: '#F2C9B8',
    activeMatchBorder: '#B5362F',
    activeMatchColorOverviewRuler: '#B5362F',
  },
  dark: {
    matchBackground: '#4A3A12',
    matchOverviewRuler: '#E0B04B',
    activeMatchBackground: '#6B2B27',
    activeMatchBorder: '#F0786F',
    activeMatchColorOverviewRuler: '#F0786F',
  },
};
