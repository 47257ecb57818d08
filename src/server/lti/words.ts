/** What a person reads in the platform's frame when a launch does not end in a lab. */
import type { Localized } from '../../grading/check.ts';

export const troubles = {
  'unknown-platform': {
    en: 'This learning platform is not registered here, or not any more. Ask whoever runs it.',
    ja: 'この学習プラットフォームは登録されていません。プラットフォームの管理者に問い合わせてください。',
  },
  'which-platform': {
    en: 'This learning platform is registered here more than once and did not say which registration is meant.',
    ja: 'この学習プラットフォームは複数登録されており、どの登録かを判断できません。プラットフォームの管理者に問い合わせてください。',
  },
  'other-browser': {
    en: 'This launch was not begun by this browser, or too long ago. Go back to your course and open the link again.',
    ja: 'この起動は、このブラウザーから始められていないか、時間が経ちすぎています。コースに戻って、リンクをもう一度開いてください。',
  },
  'used-before': {
    en: 'This launch was used before. Go back to your course and open the link again.',
    ja: 'この起動はすでに使われています。コースに戻って、リンクをもう一度開いてください。',
  },
  'platform-refused': {
    en: 'The learning platform did not let you in here. Sign in there, then open the link again.',
    ja: '学習プラットフォームが起動を許可しませんでした。プラットフォームにサインインしてから、リンクをもう一度開いてください。',
  },
  'platform-away': {
    en: 'The learning platform could not be asked whether this launch is genuine. Try again in a moment.',
    ja: '学習プラットフォームに起動の確認ができませんでした。少し待ってからもう一度お試しください。',
  },
  'bad-launch': {
    en: 'This launch is not genuine, or has expired. Go back to your course and open the link again.',
    ja: 'この起動は正しくないか、期限が切れています。コースに戻って、リンクをもう一度開いてください。',
  },
  'bad-message': {
    en: 'The learning platform sent something that is not understood here. Whoever runs this server finds the reason in the log.',
    ja: '学習プラットフォームから届いた内容を解釈できません。このサーバーの管理者がログで原因を確認できます。',
  },
  'other-deployment': {
    en: 'This part of the learning platform is not let in here. Ask whoever runs this server to add its deployment id.',
    ja: 'プラットフォームのこの利用先は許可されていません。このサーバーの管理者に、デプロイメントIDの追加を依頼してください。',
  },
  'no-user': {
    en: 'The learning platform did not say who you are. Labs need that.',
    ja: '学習プラットフォームから利用者の情報が届きませんでした。ラボを開くには利用者の情報が必要です。',
  },
  'no-lab': {
    en: 'No lab is chosen for this link yet. Tell whoever teaches this course: they choose one by opening the link.',
    ja: 'このリンクのラボがまだ選ばれていません。講師に伝えてください。講師がリンクを開くと、ラボを選べます。',
  },
  'teachers-only': {
    en: 'Only who teaches this course can choose a lab.',
    ja: 'ラボを選べるのは、このコースの講師だけです。',
  },
  'two-sessions': {
    en: 'This browser sends two different sessions for this site. Delete the cookies of this site, then open the link again.',
    ja: 'このサイトに対して2つの異なるセッションが送られています。このサイトのCookieを削除してから、リンクをもう一度開いてください。',
  },
  'no-choice': {
    en: 'There is nothing to choose for any more. Go back to your course and begin again.',
    ja: 'ラボを選ぶ画面の期限が切れています。コースに戻って、もう一度やり直してください。',
  },
  'bad-registration': {
    en: 'This registration link was used already, has expired, or is incomplete. Ask the owner of the server for a new one.',
    ja: 'この登録リンクは使用済みか、期限切れか、途中で切れています。サーバーの管理者に新しいリンクを発行してもらってください。',
  },
  'not-registered': {
    en: 'The registration did not work out, and the link can be used again. Whoever runs this server finds the reason in the log.',
    ja: '登録できませんでした。リンクはもう一度使えます。このサーバーの管理者がログで原因を確認できます。',
  },
  'registered-before': {
    en: 'This platform is registered here already.',
    ja: 'このプラットフォームはすでに登録されています。',
  },
} as const satisfies Record<string, Localized>;
export type Trouble = keyof typeof troubles;

export const texts = {
  trouble: { en: 'The lab did not open', ja: 'ラボを開けませんでした' },
  opening: { en: 'Opening the lab…', ja: 'ラボを開いています…' },
  blocked: {
    en: 'Your browser keeps no session for pages inside other pages. The lab works in a window of its own.',
    ja: 'お使いのブラウザーでは、ほかのページの中に表示したままではセッションを保てません。ラボは新しいウィンドウで使えます。',
  },
  newWindow: { en: 'Open in a new window', ja: '新しいウィンドウで開く' },
  opened: {
    en: 'The lab is open in another window. You can leave this page open.',
    ja: 'ラボを別のウィンドウで開きました。このページは開いたままでかまいません。',
  },
  returning: { en: 'Taking your choice back to the course…', ja: '選んだ内容をコースに返しています…' },
  choose: { en: 'Choose a lab', ja: 'ラボを選ぶ' },
  goOn: { en: 'Go on', ja: '続ける' },
  registerTitle: { en: 'Registration', ja: '登録' },
  registered: {
    en: 'Toride is registered. You can close this window; switch the tool on in your platform.',
    ja: 'Torideを登録しました。このウィンドウは閉じてかまいません。プラットフォーム側でツールを有効にしてください。',
  },
  pasteLink: {
    en: 'This link belongs into your learning platform, where tools are added by a registration URL. In Moodle: Site administration, Plugins, External tool, Manage tools.',
    ja: 'このリンクは、学習プラットフォームの「登録URLでツールを追加する」画面に貼り付けて使います。Moodleの場合は「サイト管理」→「プラグイン」→「外部ツール」→「ツールを管理する」です。',
  },
} as const satisfies Record<string, Localized>;
