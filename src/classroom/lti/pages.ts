/** Lists that a platform hands out in pages, each with the address of the next in its Link header. */

/** More pages than any course has: a list that never ends is not read to its end. */
const MOST_PAGES = 50;

/** From `Link: <https://…>; rel="next"`; rel may hold several words, and other links stand beside it. */
export function nextLink(header: string | null): string | undefined {
  for (const [, address = '', parameters = ''] of (header ?? '').matchAll(/<([^<>]*)>([^<]*)/g)) {
    const [, quoted, bare] = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))/i.exec(parameters) ?? [];
    if ((quoted ?? bare ?? '').toLowerCase().split(/\s+/).includes('next')) return address;
  }
  return undefined;
}

/** @param read one page and the headers that came with it */
export async function* allPages<T>(
  first: string,
  read: (url: string) => Promise<{ body: T; headers: Headers }>,
): AsyncGenerator<T> {
  let url: string | undefined = first;
  for (let page = 0; url !== undefined && page < MOST_PAGES; page++) {
    const { body, headers } = await read(url);
    yield body;
    const next = nextLink(headers.get('link'));
    url = next === undefined ? undefined : new URL(next, url).href;
  }
}
