/**
 * The two Shiki themes, in the house's own inks. Every colour keeps 4.5:1 on its `--code` ground
 * (test/unit/islands/contrast.test.ts).
 */
interface Inks {
  text: string;
  comment: string;
  keyword: string;
  string: string;
  name: string;
  constant: string;
}

const scopes: Record<keyof Omit<Inks, 'text'>, string[]> = {
  comment: ['comment', 'punctuation.definition.comment'],
  keyword: ['keyword', 'storage', 'entity.name.tag', 'punctuation.definition.tag'],
  string: ['string', 'markup.inline.raw'],
  name: ['entity.name.function', 'entity.name.command', 'support.function', 'support.type.property-name'],
  constant: ['constant', 'variable.other.constant', 'support.constant', 'variable.parameter.option'],
};

function theme(name: string, type: 'light' | 'dark', inks: Inks, ground: string) {
  const settings: { scope?: string[]; settings: { foreground: string } }[] = [{ settings: { foreground: inks.text } }];
  for (const [ink, scope] of Object.entries(scopes) as [keyof typeof scopes, string[]][]) {
    settings.push({ scope, settings: { foreground: inks[ink] } });
  }
  return { name, type, colors: { 'editor.background': ground, 'editor.foreground': inks.text }, settings };
}

export const lightInks: Inks = {
  text: '#1C1B19',
  comment: '#5C5850',
  keyword: '#A32F29',
  string: '#2B6A4B',
  name: '#2A4B8D',
  constant: '#7A5000',
};

export const darkInks: Inks = {
  text: '#ECE8E1',
  comment: '#A39E94',
  keyword: '#F0786F',
  string: '#6FBF96',
  name: '#8FB1F0',
  constant: '#E0B04B',
};

export const codeGround = { light: '#F3EFE7', dark: '#0D1015' };

export const light = theme('toride-light', 'light', lightInks, codeGround.light);
export const dark = theme('toride-dark', 'dark', darkInks, codeGround.dark);
