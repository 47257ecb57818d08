import { need, words } from './page.ts';
import { remember } from './storage.ts';

const order = ['system', 'light', 'dark'] as const;
type Theme = (typeof order)[number];

/** What is shown: the person's choice, or else the system's. */
export function shownTheme(): 'light' | 'dark' {
  const chosen = document.documentElement.dataset.theme;
  if (chosen === 'light' || chosen === 'dark') return chosen;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

/** @returns how to stop listening. */
export function onThemeChange(listener: (theme: 'light' | 'dark') => void): () => void {
  const stop = new AbortController();
  const tell = () => listener(shownTheme());
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', tell, { signal: stop.signal });
  document.addEventListener('toride:theme', tell, { signal: stop.signal });
  return () => stop.abort();
}

export function startThemeSwitch(): void {
  const button = need<HTMLButtonElement>('[data-theme-switch]');
  const name: Record<Theme, string> = {
    system: words.site.themeSystem,
    light: words.site.themeLight,
    dark: words.site.themeDark,
  };
  const now = (): Theme => order.find((theme) => theme === document.documentElement.dataset.theme) ?? 'system';
  const tell = () => {
    const text = words.site.themeNow(name[now()]);
    need('[data-theme-words]', button).textContent = text;
    button.title = text;
  };
  button.addEventListener('click', () => {
    const next = order[(order.indexOf(now()) + 1) % order.length] ?? 'system';
    if (next === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
    remember('theme', next === 'system' ? null : next);
    tell();
    document.dispatchEvent(new Event('toride:theme'));
  });
  tell();
}
