/** The description holds for the routes there are, and its schemas take what the routes take. */
import { describe, expect, test } from 'vitest';
import { ACCESS, bearerOf, type RouteName, scopeOf } from '../../../src/server/accounts/access.ts';
import { apiDescription } from '../../../src/server/api-description.ts';

interface Operation {
  readonly operationId: string;
  readonly 'x-scope': string;
  readonly parameters: readonly { name: string; in: string }[];
  readonly requestBody?: { content: Record<string, { schema: { properties?: object; required?: string[] } }> };
}
const { paths } = apiDescription() as { paths: Record<string, Record<string, Operation>> };
const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

describe('the description of the interface', () => {
  test('has exactly the routes that a token can open, each with its scope', () => {
    const told = operations.map(({ path, method, operation }) => {
      const route = path.replace('/api/instructor', '').replace(/\{(\w+)\}/g, ':$1');
      return [`${method.toUpperCase()} ${route}`, operation['x-scope']];
    });
    const open = (Object.keys(ACCESS) as RouteName[]).flatMap((route) => {
      const scope = scopeOf(route);
      return scope ? [[route, scope]] : [];
    });
    expect(Object.fromEntries(told)).toEqual(Object.fromEntries(open));
    expect(open.length).toBeGreaterThan(15);
  });

  test('names every part of a path, and every operation once', () => {
    for (const { path, operation } of operations) {
      const named = operation.parameters.filter((one) => one.in === 'path').map(({ name }) => name);
      expect([path, named]).toEqual([path, [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)]);
    }
    expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(operations.length);
  });

  test('tells what is needed, from the schema that checks it', () => {
    const body = paths['/api/instructor/assignments']!.post!.requestBody!.content['application/json']!.schema;
    expect(body).toMatchObject({
      required: ['plan', 'signUp'],
      additionalProperties: false,
      properties: { plan: { required: expect.arrayContaining(['title', 'labs', 'dueAt', 'rules']) } },
    });
    expect(Object.keys(paths['/api/instructor/assignments/{id}/roster']!.post!.requestBody!.content)).toEqual([
      'text/csv',
    ]);
  });

  test('is plain JSON, and names no place of this machine', () => {
    const text = JSON.stringify(apiDescription());
    expect(JSON.parse(text)).toEqual(apiDescription());
    expect(text).not.toMatch(/localhost|127\.0\.0\.1|\/home\//);
  });
});

test.each([
  [undefined, undefined],
  ['', undefined],
  ['Basic dXNlcjpwYXNz', undefined],
  ['Bearer', ''],
  ['Bearer toride_abc', 'toride_abc'],
  ['  bearer   toride_abc  ', 'toride_abc'],
  ['Bearers toride_abc', undefined],
])('the token in %j is %j', (header, token) => {
  expect(bearerOf(header)).toBe(token);
});
