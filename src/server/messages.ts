/** What a person is told when the server says no. The log has the rest. */
import type { Language, Localized } from '../grading/check.ts';
import { assignmentMessages } from './classroom/assignment-messages.ts';

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
  'no-more-time': {
    en: 'This sandbox has all the time it can have. Reset the lab for a new one.',
    ja: 'このサンドボックスはこれ以上延長できません。リセットすると新しいものが始まります。',
  },
  'too-many': {
    en: 'Too many new visitors came from your address just now. Try again in a minute.',
    ja: '同じアドレスからの新しいアクセスが多すぎます。1 分ほどしてからもう一度お試しください。',
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
  'bad-attempt-id': {
    en: 'That is not the id of an attempt.',
    ja: '採点のIDとして正しくありません。',
  },
  'no-such-attempt': {
    en: 'You have no such attempt in this lab.',
    ja: 'このラボに、その採点の記録はありません。',
  },
  'no-such-hint': { en: 'There is no such hint.', ja: 'そのヒントはありません。' },
  'hint-order': {
    en: 'Hints are taken in their order. Take the one before it first.',
    ja: 'ヒントは順番に開きます。先に一つ前のヒントを開いてください。',
  },
  'solution-locked': {
    en: 'The solution opens once all tasks of this lab have passed in one check.',
    ja: '解答例は、一度の採点ですべての課題に合格すると開きます。',
  },
  'bad-name': {
    en: 'A name has at most 80 characters, on one line, without control characters.',
    ja: '名前は80文字以内の1行で入力してください。制御文字は使えません。',
  },
  'nothing-passed': {
    en: 'There is nothing to sign yet: no lab has been passed.',
    ja: '合格したラボがまだないため、証明書を発行できません。',
  },
  'too-large': { en: 'That is too large.', ja: 'サイズが大きすぎます。' },
  'foreign-origin': {
    en: 'This request came from another site and was refused.',
    ja: '別のサイトからのリクエストのため拒否しました。',
  },
  'not-found': { en: 'There is nothing here.', ja: '見つかりません。' },
  'two-sessions': {
    en: 'This browser sends two different sessions for this site. Delete the cookies of this site and of its parent domains, then reload.',
    ja: 'このサイトに対して2つの異なるセッションが送られています。このサイトと上位ドメインのCookieを削除してから、再読み込みしてください。',
  },
  busy: {
    en: 'The server is still at work on what you asked for before. Try again in a moment.',
    ja: '前の処理がまだ終わっていません。少し待ってからもう一度お試しください。',
  },
  'file-not-found': { en: 'There is no such file or folder.', ja: 'そのファイルやフォルダーはありません。' },
  'file-outside': {
    en: 'This leads out of your home folder. The editor stays in it; use the terminal.',
    ja: 'ホームフォルダーの外を指しています。エディターはホームの中だけを扱います。ターミナルを使ってください。',
  },
  'file-no-file': {
    en: 'This is not a regular file (a pipe, a socket, a device or a folder), so it cannot be edited.',
    ja: '通常のファイルではないため（パイプ、ソケット、デバイス、フォルダーなど）、編集できません。',
  },
  'file-too-large': {
    en: 'This is larger than 1 MiB. The editor does not open or save it; use the terminal.',
    ja: '1 MiBを超えているため、エディターでは開くことも保存することもできません。ターミナルを使ってください。',
  },
  'file-not-permitted': {
    en: 'The permissions in the sandbox do not allow this.',
    ja: 'サンドボックス内の権限では許可されていません。',
  },
  'file-no-space': {
    en: 'There is no space left in the sandbox. The file is as it was; delete something, then save again.',
    ja: 'サンドボックスの空き容量がありません。ファイルは元のままです。何かを削除してから、もう一度保存してください。',
  },
  'file-exists': {
    en: 'Something with this name is there already.',
    ja: '同じ名前のものがすでにあります。',
  },
  'file-not-empty': { en: 'The folder is not empty.', ja: 'フォルダーが空ではありません。' },
  'file-too-many': {
    en: 'The folder holds more than 1000 entries. Delete it in the terminal.',
    ja: 'フォルダーの中身が1000件を超えています。ターミナルで削除してください。',
  },
  'file-bad-name': { en: 'This cannot be a name.', ja: 'この名前は使えません。' },
  'file-changed': {
    en: 'The file was changed in the sandbox since you opened it.',
    ja: '開いた後に、サンドボックス内でファイルが変更されました。',
  },
  'store-away': {
    en: 'The server cannot reach its database just now, so nothing was saved. Try again in a moment.',
    ja: 'データベースに接続できないため、保存できませんでした。少し待ってからもう一度お試しください。',
  },
  'sign-in-needed': {
    en: 'You are not signed in, or no longer. Sign in first.',
    ja: 'サインインしていないか、セッションが終了しています。サインインしてください。',
  },
  'role-needed': { en: 'Your account may not do this.', ja: 'このアカウントには権限がありません。' },
  'two-accounts': {
    en: 'This browser sends two different sign-ins for this site. Delete the cookies of this site and of its parent domains, then sign in again.',
    ja: 'このサイトに対して2つの異なるサインインが送られています。このサイトと上位ドメインのCookieを削除してから、もう一度サインインしてください。',
  },
  'wrong-login': {
    en: 'The login or the password is wrong.',
    ja: 'ログイン名またはパスワードが違います。',
  },
  'too-many-tries': {
    en: 'Too many tries. Wait a moment, then try again.',
    ja: '試行回数が多すぎます。少し待ってから、もう一度お試しください。',
  },
  'bad-link': {
    en: 'This link was used already, has expired, or is incomplete. Ask for a new one.',
    ja: 'このリンクは使用済みか、期限切れか、途中で切れています。新しいリンクを発行してもらってください。',
  },
  'login-taken': {
    en: 'Somebody has this login already. Choose another.',
    ja: 'このログイン名はすでに使われています。別のものにしてください。',
  },
  'bad-login': {
    en: 'A login is an e-mail address or a name of the letters a to z, digits and . _ + -',
    ja: 'ログイン名は、メールアドレスか、半角英数字と . _ + - からなる名前にしてください。',
  },
  'bad-person-name': {
    en: 'A name has 1 to 80 characters, on one line, without control characters.',
    ja: '名前は1文字以上80文字以内の1行で入力してください。制御文字は使えません。',
  },
  'bad-password': {
    en: 'A password has 12 to 256 characters.',
    ja: 'パスワードは12文字以上256文字以内にしてください。',
  },
  'wrong-password': { en: 'The present password is wrong.', ja: '現在のパスワードが違います。' },
  'no-such-account': {
    en: 'There is no such account, or it may not do this.',
    ja: 'そのアカウントがないか、この操作の対象にできません。',
  },
  'no-such-invitation': {
    en: 'This invitation was used, or is not there any more.',
    ja: 'この招待は使用済みか、すでにありません。',
  },
  'no-such-workshop': { en: 'You have no such workshop.', ja: 'そのワークショップはありません。' },
  'no-such-member': {
    en: 'There is no such learner in this workshop any more.',
    ja: 'その受講者はこのワークショップにいません。',
  },
  'bad-plan': {
    en: 'A workshop needs a title, at least one lab, an end after its start, and 1 to 250 places.',
    ja: 'ワークショップには、タイトル、1つ以上のラボ、開始より後の終了時刻、1〜250の定員が必要です。',
  },
  'too-many-places': {
    en: 'This server does not run so many sandboxes at the same time. Choose fewer places, or ask its operator to raise TORIDE_SANDBOX_LIMIT.',
    ja: 'このサーバーが同時に動かせるサンドボックスの数を超えています。定員を減らすか、管理者に TORIDE_SANDBOX_LIMIT の引き上げを依頼してください。',
  },
  'workshop-over': { en: 'This workshop is over.', ja: 'このワークショップは終了しました。' },
  'bad-code': {
    en: 'No workshop has this code now. Look at it once more: eight letters and digits.',
    ja: 'このコードのワークショップはありません。英数字8文字をもう一度確認してください。',
  },
  'email-needed': {
    en: 'This workshop asks for your e-mail address too.',
    ja: 'このワークショップではメールアドレスも必要です。',
  },
  'taken-out': {
    en: 'The instructor has taken you out of this workshop. Speak to them.',
    ja: '講師によってこのワークショップから外されています。講師に相談してください。',
  },
  'bad-member-link': {
    en: 'This personal link does not hold any more. Ask the instructor for a new one.',
    ja: 'この個人用リンクは無効になっています。講師に新しいリンクを依頼してください。',
  },
  'no-workshop': { en: 'You are in no workshop now.', ja: '現在、参加中のワークショップはありません。' },
  'no-share': {
    en: 'Nobody is at that terminal any more.',
    ja: 'そのターミナルにはもう誰もいません。',
  },
  'lab-locked': {
    en: 'In your workshop this lab is not open yet. It opens here as soon as your instructor says so.',
    ja: 'このラボはワークショップでまだ開かれていません。講師が開くと、ここで始められます。',
  },
  ...assignmentMessages,
  'bad-platform': {
    en: 'A platform needs a name, a client id and addresses that begin with https://; the address of its pages is one without a path.',
    ja: 'プラットフォームの名前、クライアントID、https:// で始まる各URLを入力してください。ページのアドレスにはパスを含めません。',
  },
  'platform-taken': {
    en: 'This issuer with this client id is registered already.',
    ja: 'この発行者とクライアントIDの組み合わせは、すでに登録されています。',
  },
  'no-such-platform': { en: 'There is no such platform.', ja: 'そのプラットフォームはありません。' },
  'no-such-score': {
    en: 'This score does not wait any more.',
    ja: 'この得点は、すでに送信待ちではありません。',
  },
  'lab-chosen': {
    en: 'This link has a lab already.',
    ja: 'このリンクのラボは、すでに選ばれています。',
  },
  internal: {
    en: 'Something went wrong on the server. What you did is not lost; try again.',
    ja: 'サーバーで問題が起きました。作業内容は失われていません。もう一度お試しください。',
  },
} as const satisfies Record<string, Localized>;

export type MessageCode = keyof typeof messages;
export const message = (code: MessageCode, language: Language): string => messages[code][language];
