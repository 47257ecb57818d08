/** What every island needs from the page around it. */
import { type Language, languageOf, type Messages, messagesFor } from '../i18n/index.ts';

export const language: Language = languageOf(document.documentElement.lang);
export const words: Messages = messagesFor(language);

/** An element that the page's own template promises. */
export function need<E extends Element = HTMLElement>(selector: string, within: ParentNode = document): E {
  const found = within.querySelector<E>(selector);
  if (!found) throw new Error(`The page has no ${selector}`);
  return found;
}

type Child = Node | string | null | undefined | false;

/** Builds an element; text goes in as text, so nothing from a learner's container can become markup. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children.filter((child): child is Node | string => Boolean(child)));
  return node;
}

const svg = 'http://www.w3.org/2000/svg';

export function icon(name: string): SVGSVGElement {
  const node = document.createElementNS(svg, 'svg');
  node.setAttribute('class', 'icon');
  node.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(svg, 'use');
  use.setAttribute('href', `#icon-${name}`);
  node.append(use);
  return node;
}
