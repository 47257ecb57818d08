/** What a preview shows when the learner's program does not: a page in plain words. */
import type { ServerResponse } from 'node:http';
import type { Localized } from '../../grading/check.ts';
import { preferredLanguage } from '../session.ts';

type Words = { readonly title: Localized; readonly text: Localized };

const pages = {
  'nothing-listens': {
    title: { en: 'Nothing listens on port {port}', ja: 'ポート{port}では何も待ち受けていません' },
    text: {
      en: 'Start your service in the terminal, publish its port (for example: podman run -p {port}:80 …), then reload.',
      ja: 'ターミナルでサービスを起動し、ポートを公開してから（例: podman run -p {port}:80 …）、再読み込みしてください。',
    },
  },
  'no-room': {
    title: { en: 'This preview has ended', ja: 'このプレビューは終了しました' },
    text: {
      en: 'The sandbox behind it was stopped or reset. Open the preview again from the lab.',
      ja: '元のサンドボックスは停止またはリセットされました。ラボの画面からプレビューを開き直してください。',
    },
  },
  'not-http': {
    title: { en: 'No proper answer from port {port}', ja: 'ポート{port}から正しい応答がありません' },
    text: {
      en: 'Something listens there, but it did not answer in HTTP, or not in time, or with headers that are too large.',
      ja: '待ち受けているプログラムはありますが、HTTPの応答ではないか、時間内に応答がないか、ヘッダーが大きすぎます。',
    },
  },
  'too-many': {
    title: { en: 'Too many connections', ja: '接続が多すぎます' },
    text: {
      en: 'This sandbox already has as many connections open as a preview may have. Close some, then reload.',
      ja: 'このサンドボックスへの接続数が上限に達しています。いくつか閉じてから、再読み込みしてください。',
    },
  },
  'bad-request': {
    title: { en: 'This request is not understood', ja: 'リクエストを解釈できません' },
    text: { en: 'Open the preview again from the lab.', ja: 'ラボの画面からプレビューを開き直してください。' },
  },
} as const satisfies Record<string, Words>;
export type PageCode = keyof typeof pages;

const STATUS: Record<PageCode, number> = {
  'nothing-listens': 502,
  'no-room': 404,
  'not-http': 502,
  'too-many': 503,
  'bad-request': 400,
};
export const statusOf = (code: PageCode): number => STATUS[code];

const STYLE =
  'body{margin:0;min-height:100vh;display:grid;place-content:center;font:16px/1.6 system-ui,sans-serif;padding:24px;box-sizing:border-box}main{max-width:34rem}h1{font-size:1.25rem;line-height:1.35;margin:0 0 8px}p{margin:0;overflow-wrap:anywhere}';

/** Nothing in it comes from the learner but the port, a number. */
export function sendPage(response: ServerResponse, code: PageCode, accept: string | undefined, port: number): void {
  const language = preferredLanguage(accept);
  const fill = (words: Localized) => words[language].replaceAll('{port}', String(port));
  const { title, text } = pages[code];
  const body = `<!doctype html>
<html lang="${language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>${fill(title)}</title><style>${STYLE}</style>
<main><h1>${fill(title)}</h1><p>${fill(text)}</p></main></html>
`;
  response.writeHead(STATUS[code], {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'",
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Toride-Preview': code,
    ...(code === 'too-many' && { 'Retry-After': '2' }),
    Vary: 'Accept-Language',
  });
  response.end(body);
}
