/** localStorage for comfort only (theme, widths, tabs): where it is closed or full, the page works without. */
const prefix = 'toride:';

export function recall(key: string): string | null {
  try {
    return localStorage.getItem(prefix + key);
  } catch {
    return null;
  }
}

export function remember(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(prefix + key);
    else localStorage.setItem(prefix + key, value);
  } catch {
    // Private windows refuse; nothing is lost but the comfort.
  }
}
