/** JSON as containers/image reads it: a name given twice makes a file invalid, since two readers could differ. */

/** Strings with the colon that makes them names, and the ends of objects; for text that JSON.parse took. */
const tokens = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}]/g;

/** @param base64 the bytes of a file. undefined where it is no JSON, or names something twice */
export function strictJson(base64: string | null): unknown {
  const text = Buffer.from(base64 ?? '', 'base64').toString('utf8');
  try {
    const value: unknown = JSON.parse(text);
    return namesTwice(text) ? undefined : value;
  } catch {
    return undefined;
  }
}

function namesTwice(text: string): boolean {
  const open: Set<string>[] = [];
  for (const [token, colon] of text.matchAll(tokens)) {
    if (token === '{') open.push(new Set());
    else if (token === '}') open.pop();
    else if (colon !== undefined) {
      const name: string = JSON.parse(token.slice(0, -colon.length));
      const names = open.at(-1);
      if (names?.has(name)) return true;
      names?.add(name);
    }
  }
  return false;
}
