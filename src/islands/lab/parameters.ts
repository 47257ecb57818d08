/** Puts this learner's drawn values where the lesson and its code name them. */
export function showParameters(parameters: Readonly<Record<string, string>>): void {
  for (const place of document.querySelectorAll<HTMLElement>('[data-param]')) {
    const value = parameters[place.dataset.param ?? ''];
    if (value === undefined) continue;
    place.textContent = value;
    place.removeAttribute('data-unknown');
    place.removeAttribute('title');
    place.setAttribute('data-known', '');
  }
}
