/** The few pages between platform and lab: small, complete in themselves, each with a policy that allows its own script only. */
import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import { html, raw } from 'hono/html';
import type { Language } from '../../grading/check.ts';
import type { Env } from '../http.ts';
import { type Trouble, texts, troubles } from './words.ts';

type Html = ReturnType<typeof html>;

const STYLE =
  'body{margin:0;min-height:100vh;display:grid;place-content:center;font:16px/1.6 system-ui,sans-serif;padding:24px;box-sizing:border-box}main{max-width:34rem}h1{font-size:1.25rem;line-height:1.35;margin:0 0 8px}p{margin:0 0 16px;overflow-wrap:anywhere}[hidden]{display:none}button,.button{font:inherit;display:inline-block;text-decoration:none;padding:8px 16px;border:1px solid;border-radius:6px;background:transparent;color:inherit;cursor:pointer}';

export interface Page {
  readonly language: Language;
  readonly title: string;
  readonly body: Html;
  /** Without it none runs. */
  readonly script?: string;
  /** Whose page may show this one in a frame; nobody's where none is said. */
  readonly frame?: string | undefined;
  /** Where its form leads, besides to this server. */
  readonly form?: string;
  readonly status?: 200 | 400 | 403 | 404 | 502;
}

const hashOf = (script: string) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`;

export function show(
  c: Context<Env>,
  { language, title, body, script, frame, form, status = 200 }: Page,
): Response | Promise<Response> {
  c.set(
    'policy',
    [
      "default-src 'none'",
      "style-src 'unsafe-inline'",
      `script-src ${script === undefined ? "'none'" : hashOf(script)}`,
      "base-uri 'none'",
      `form-action ${form ?? "'self'"}`,
      `frame-ancestors ${frame ?? "'none'"}`,
    ].join('; '),
  );
  c.header('Cache-Control', 'no-store');
  return c.html(
    html`<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>${title}</title><style>${raw(STYLE)}</style></head>
<body><main>${body}</main>${script === undefined ? '' : raw(`<script>${script}</script>`)}</body></html>
`,
    status,
  );
}

const STATUS: Partial<Record<Trouble, Page['status']>> = {
  'unknown-platform': 404,
  'platform-away': 502,
  'not-registered': 502,
  'no-lab': 404,
  'teachers-only': 403,
};

/** @param frame the platform's page, where it is known */
export const showTrouble = (c: Context<Env>, code: Trouble, language: Language, frame?: string) =>
  show(c, {
    language,
    title: texts.trouble[language],
    body: html`<h1 data-trouble="${code}">${texts.trouble[language]}</h1><p>${troubles[code][language]}</p>`,
    frame,
    status: STATUS[code] ?? 400,
  });
