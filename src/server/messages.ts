/** What a person is told when the server says no. The log has the rest. */
import type { Language, Localized } from '../grading/check.ts';

const messages = {
  'no-session': {
    en: 'This browser has no session yet. Reload the page.',
    ja: 'セッションがまだありません。ページを再読み込みしてください。',
  },
  'no-such-lab': { en: 'There is no such lab.', ja: 'そのラボはありません。' },
  'no-sandbox': {
    en: 'No sandbox is running for this lab. Open a terminal first.',
    ja: 'このラボのサンドボックスは動いていません。先にターミナルを開いてください。',
  },
  'no-terminal': {
    en: 'That terminal is not open. Open it first.',
    ja: 'そのターミナルは開いていません。先に開いてください。',
  },
  'no-recording': { en: 'There is no such recording.', ja: 'その録画はありません。' },
  'recordings-full': {
    en: 'There is no room for another recording. Delete one that you do not need.',
    ja: 'これ以上録画を保存できません。不要な録画を削除してください。',
  },
  full: {
    en: 'All places are taken, or you have too many labs open. Stop one, or try again in a few minutes.',
    ja: '空きがないか、同時に開いているラボが多すぎます。どれかを停止するか、数分後にもう一度お試しください。',
  },
  'start-failed': {
    en: 'The sandbox could not be started. Try again; if it stays so, the operator finds the reason in the log.',
    ja: 'サンドボックスを起動できませんでした。もう一度お試しください。続く場合は、管理者がログで原因を確認できます。',
  },
  'bad-request': {
    en: 'The request is not understood. Reload the page.',
    ja: 'リクエストを解釈できません。ページを再読み込みしてください。',
  },
  'foreign-origin': {
    en: 'This request came from another site and was refused.',
    ja: '別のサイトからのリクエストのため拒否しました。',
  },
  'not-found': { en: 'There is nothing here.', ja: '見つかりません。' },
  internal: {
    en: 'Something went wrong on the server. What you did is not lost; try again.',
    ja: 'サーバーで問題が起きました。作業内容は失われていません。もう一度お試しください。',
  },
} as const satisfies Record<string, Localized>;

export type MessageCode = keyof typeof messages;
export const message = (code: MessageCode, language: Language): string => messages[code][language];
