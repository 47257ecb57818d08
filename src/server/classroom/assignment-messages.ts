/** What the server says no with about assignments. Part of messages.ts and of the table of status codes in http.ts. */
import type { Localized } from '../../grading/check.ts';

export const assignmentMessages = {
  'no-such-assignment': { en: 'You have no such assignment.', ja: 'その提出課題はありません。' },
  'bad-assignment': {
    en: 'An assignment needs a title, at least one lab, an opening before the deadline, and an end of late submission after it.',
    ja: '提出課題には、タイトル、1つ以上のラボ、締め切りより前の開始日時が必要です。遅れての提出の終わりは締め切りより後にしてください。',
  },
  'assignment-closed': {
    en: 'This assignment is closed. Nothing can be changed or submitted any more.',
    ja: 'この提出課題は終了しています。変更も提出もできません。',
  },
  'not-open-yet': { en: 'This assignment is not open yet.', ja: 'この提出課題はまだ始まっていません。' },
  'assignment-over': {
    en: 'The time for submissions is over. Your instructor can give you more.',
    ja: '提出の期限が過ぎています。延長できるのは担当の講師です。',
  },
  'no-attempts-left': {
    en: 'You have used all your submissions for this lab. You can go on working and checking, but nothing more counts.',
    ja: 'このラボの提出回数を使い切りました。作業と採点は続けられますが、これ以上は成績に入りません。',
  },
  'submission-under-way': {
    en: 'Your submission before is still being graded. It counts by the time at which you sent it.',
    ja: '前の提出がまだ採点中です。提出した時刻で扱われるので、そのままお待ちください。',
  },
  'submission-lost': {
    en: 'The submission could not be graded, since its sandbox ended. It uses up no attempt; submit again.',
    ja: 'サンドボックスが終了したため、提出を採点できませんでした。提出回数には数えません。もう一度提出してください。',
  },
  'no-such-learner': {
    en: 'There is no such learner in this assignment.',
    ja: 'この提出課題に、その受講者はいません。',
  },
  'no-such-submission': { en: 'There is no such submission.', ja: 'その提出はありません。' },
  'no-such-override': {
    en: 'There are no such points, or they were taken back already.',
    ja: 'その点数の変更はないか、すでに取り消されています。',
  },
  'bad-personal-link': {
    en: 'This personal link is not valid, or a newer one was made. Ask your instructor for yours.',
    ja: 'この個人用リンクは無効か、新しいものに替わっています。担当の講師に確認してください。',
  },
  'bad-assignment-code': {
    en: 'No assignment can be signed up for by this code.',
    ja: 'このコードで登録できる提出課題はありません。',
  },
  'removed-from-assignment': {
    en: 'You were taken out of this assignment. Ask your instructor.',
    ja: 'この提出課題の受講者から外されています。担当の講師に確認してください。',
  },
  'bad-email': { en: 'This is not an e-mail address.', ja: 'メールアドレスとして正しくありません。' },
  'roster-not-utf8': {
    en: 'The file is not UTF-8 text: it may be Shift_JIS, UTF-16 or a spreadsheet itself. Save it as “CSV UTF-8”. Nothing was imported.',
    ja: 'ファイルの文字コードがUTF-8ではありません（Shift_JIS、UTF-16、または表計算ソフトのファイルそのもの）。「CSV UTF-8」で保存し直してください。何も取り込んでいません。',
  },
  'roster-no-header': {
    en: 'The first line must name the columns: name, and if you like email and id. Nothing was imported.',
    ja: '1行目に列の名前が必要です。name（氏名）と、必要なら email（メール）、id（学籍番号）です。何も取り込んでいません。',
  },
  'roster-too-many': {
    en: 'A file may hold 2,000 learners. Nothing was imported.',
    ja: '1つのファイルに入れられるのは2,000人までです。何も取り込んでいません。',
  },
  'bad-extension': {
    en: 'An extension needs a deadline after the opening, and a reason.',
    ja: '延長には、開始より後の締め切りと、理由が必要です。',
  },
  'bad-override': {
    en: 'Points are whole numbers from 0 to 100, and need a reason of 3 to 500 characters.',
    ja: '点数は0から100までの整数です。3文字以上500文字以内の理由も必要です。',
  },
  'bad-token': {
    en: 'This token is not known, was revoked, or has ended.',
    ja: 'このトークンは登録されていないか、取り消されたか、期限が切れています。',
  },
  'scope-needed': { en: 'This token may not do this.', ja: 'このトークンには、この操作の権限がありません。' },
  'bad-token-wish': {
    en: 'A token needs a name, at least one permission, and an end within 366 days.',
    ja: 'トークンには、名前、1つ以上の権限、366日以内の期限が必要です。',
  },
  'no-such-token': { en: 'You have no such token.', ja: 'そのトークンはありません。' },
  'not-replayable': {
    en: 'This submission cannot be graded again: it has no snapshot, or one of a kind that today’s grader does not read.',
    ja: 'この提出は採点し直せません。スナップショットがないか、現在の採点プログラムでは読めない形式です。',
  },
} as const satisfies Record<string, Localized>;

export const ASSIGNMENT_STATUS = {
  'no-such-assignment': 404,
  'bad-assignment': 400,
  'assignment-closed': 409,
  'not-open-yet': 409,
  'assignment-over': 409,
  'no-attempts-left': 409,
  'submission-under-way': 409,
  'submission-lost': 409,
  'no-such-learner': 404,
  'no-such-submission': 404,
  'no-such-override': 404,
  'bad-personal-link': 404,
  'bad-assignment-code': 404,
  'removed-from-assignment': 403,
  'bad-email': 400,
  'roster-not-utf8': 400,
  'roster-no-header': 400,
  'roster-too-many': 400,
  'bad-extension': 400,
  'bad-override': 400,
  'not-replayable': 409,
  'bad-token': 401,
  'scope-needed': 403,
  'bad-token-wish': 400,
  'no-such-token': 404,
} as const satisfies Record<keyof typeof assignmentMessages, number>;
