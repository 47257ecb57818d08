import { INPUT_LIMIT } from '../../protocol/terminal-limits.ts';

/** Cuts input into frames the server accepts, never through the middle of a surrogate pair. */
export function* pieces(text: string, limit: number = INPUT_LIMIT): Generator<string> {
  let from = 0;
  while (from < text.length) {
    let to = Math.min(from + limit, text.length);
    const last = text.charCodeAt(to - 1);
    const cutsPair = to < text.length && last >= 0xd800 && last <= 0xdbff;
    if (cutsPair && to - from > 1) to--;
    yield text.slice(from, to);
    from = to;
  }
}
