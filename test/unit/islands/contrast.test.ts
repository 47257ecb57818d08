import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { codeGround, darkInks, lightInks } from '../../../src/components/code/themes.ts';
import { matches, palette } from '../../../src/islands/terminal/palette.ts';

/** WCAG 2 relative luminance of '#rrggbb'. */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

const tokens = new Map(
  [...readFileSync('src/styles/tokens.css', 'utf8').matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\);/g)].map(
    ([, name = '', light = '', dark = '']) => [name, { light, dark }],
  ),
);

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  const token = (name: string) => tokens.get(name)?.[theme] ?? expect.fail(`tokens.css has no --${name}`);

  test.each([
    ...['text', 'quiet', 'accent', 'passed', 'partial', 'link'].flatMap((ink) => [
      [ink, 'ground'],
      [ink, 'raised'],
      [ink, 'code'],
    ]),
    ['text', 'link-wash'],
    ['link', 'link-wash'],
    ['text', 'partial-wash'],
    ['partial', 'partial-wash'],
    ['quiet', 'line'],
    ['text', 'line'],
    ['on-accent', 'accent'],
    ['on-accent', 'accent-strong'],
  ])('%s can be read on %s', (ink, ground) => {
    expect(contrast(token(ink ?? ''), token(ground ?? ''))).toBeGreaterThanOrEqual(4.5);
  });

  test.each(['ground', 'raised'])('the edge of a control is seen on %s', (ground) => {
    expect(contrast(token('edge'), token(ground))).toBeGreaterThanOrEqual(3);
  });

  test('code is highlighted on the ground that the page gives it', () => {
    expect(codeGround[theme].toLowerCase()).toBe(token('code'));
    for (const [name, ink] of Object.entries(theme === 'light' ? lightInks : darkInks)) {
      expect.soft(contrast(ink, codeGround[theme]), name).toBeGreaterThanOrEqual(4.5);
    }
  });

  test('what a search has found can be read', () => {
    const { matchBackground = '', activeMatchBackground = '' } = matches[theme];
    for (const ground of [matchBackground, activeMatchBackground]) {
      expect.soft(contrast(palette[theme].foreground ?? '', ground), ground).toBeGreaterThanOrEqual(4.5);
    }
  });

  test("the terminal's sixteen colours and its text can be read", () => {
    const { background = '', cursorAccent: _a, selectionBackground: _s, ...inks } = palette[theme];
    const colours = Object.entries(inks).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
    expect(colours).toHaveLength(18);
    for (const [name, colour] of colours) {
      expect.soft(contrast(colour, background), name).toBeGreaterThanOrEqual(4.5);
    }
  });
});
