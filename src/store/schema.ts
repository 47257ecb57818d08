/** The tables, as Kysely types. Times are ISO 8601 text, so that every database sorts and prints them alike. */
import type { Generated } from 'kysely';
import type { LtiTables } from './schema-lti.ts';

export interface LearnersTable {
  id: string;
  /** SHA-256 of the session token, hex: the token itself is only in the learner's cookie. */
  token_hash: string;
  language: 'en' | 'ja';
  created_at: string;
  seen_at: string;
  /** What the learner wants to be called in their record. */
  record_name: string | null;
}

export interface SandboxesTable {
  /** The engine's id. */
  id: string;
  engine: string;
  learner_id: string;
  lab: string;
  /** JSON: the values drawn for this learner. */
  parameters: string;
  created_at: string;
  /** When the server ends it; null in rows from before it did: then the engine's own time counts. */
  expires_at: string | null;
  ended_at: string | null;
  /** Characters and lines typed into its terminals, files saved in the editor: how many, never what. null: not counted yet then. */
  typed_characters: number | null;
  typed_lines: number | null;
  saved_files: number | null;
}

export interface AttemptsTable {
  number: Generated<number>;
  id: string;
  learner_id: string;
  lab: string;
  sandbox_id: string;
  status: 'passed' | 'failed' | 'ungraded';
  /** Asked for by the learner, or made by the server when it saw that something had changed. */
  trigger: 'asked' | 'automatic';
  score: number;
  max_score: number;
  /** JSON: results with evidence, as the runner gave them. */
  results: string;
  /** gzip of the snapshot's JSON: what the results were judged from. */
  snapshot: Uint8Array;
  graded_at: string;
}

export interface HintsTable {
  learner_id: string;
  lab: string;
  task: string;
  /** From 1. */
  step: number;
  taken_at: string;
}

export interface RecordingsTable {
  id: string;
  learner_id: string;
  lab: string;
  terminal: string;
  started_at: string;
  /** null while it runs. */
  ended_at: string | null;
  /** Of the file; 0 while it runs. */
  bytes: number;
}

export interface AccountsTable {
  id: string;
  role: 'owner' | 'instructor';
  name: string;
  /** In lower case; an e-mail address or a name. */
  login: string;
  /** With its parameters; null where nobody can sign in by password. */
  password_hash: string | null;
  /** Issuer and subject of the OpenID provider, with a space between them. */
  oidc_subject: string | null;
  created_at: string;
  disabled_at: string | null;
}

export interface AccountSessionsTable {
  /** SHA-256 of the token, hex. */
  token_hash: string;
  account_id: string;
  created_at: string;
  /** To the minute. */
  seen_at: string;
  /** The end, whatever happens. */
  expires_at: string;
}

export interface AccountLinksTable {
  /** SHA-256 of the token, hex. */
  token_hash: string;
  /** By which it is spoken of: no way in. */
  id: string;
  purpose: 'owner' | 'invite' | 'sign-in' | 'reset';
  /** Whom it lets in; null where it makes an account. */
  account_id: string | null;
  /** Of the account that it makes. */
  role: 'owner' | 'instructor' | null;
  /** For whom, in the owner's words. */
  note: string;
  created_by: string | null;
  created_at: string;
  expires_at: string;
  used_at: string | null;
}

/** Rows are added and never changed. */
export interface AuditLogTable {
  /** 32 hex digits that sort by time. */
  id: string;
  at: string;
  /** Who did it; null: nobody that is known, or the machine's own operator. */
  account_id: string | null;
  action: string;
  /** What it was done to: the id of an account, a link … */
  object: string | null;
  /** JSON. */
  detail: string;
}

/** A group of learners: led live in a workshop, or graded until a deadline in an assignment. */
export interface CohortsTable {
  id: string;
  kind: 'workshop' | 'assignment';
  /** Whose it is. */
  account_id: string;
  title: string;
  language: 'en' | 'ja';
  /** When an assignment opens. */
  starts_at: string;
  /** The deadline of an assignment. */
  ends_at: string;
  /** Learners at the same time; null: as many as come. */
  capacity: number | null;
  /** 1 where an e-mail address is asked for beside the name. */
  asks_email: 0 | 1;
  /** By which learners sign up; null where nobody can by themselves. In upper case, without the dash that it is shown with. */
  join_code: string | null;
  /** JSON: what only assignments have, as classroom/ reads it. */
  rules: string;
  created_at: string;
  /** When it was closed, by its end or before; nobody can join any more. */
  closed_at: string | null;
}

export interface CohortLabsTable {
  cohort_id: string;
  lab: string;
  /** From 0. */
  position: number;
  /** 1 while its learners may not open it yet. */
  locked: 0 | 1;
}

/** A learner's place in a cohort. */
export interface MembersTable {
  id: string;
  cohort_id: string;
  /** null: on the roster, has not come yet. */
  learner_id: string | null;
  name: string;
  /** In lower case. */
  email: string | null;
  /** By which a roster or a learning platform knows them. */
  external_id: string | null;
  /** SHA-256 of the personal link's token, hex. */
  link_hash: string | null;
  /** waiting: in line until there is a place. */
  status: 'invited' | 'waiting' | 'in' | 'removed';
  created_at: string;
  /** When they got their place; work before that does not count. */
  joined_at: string | null;
  seen_at: string | null;
  /** Since when a hand is raised. */
  hand_at: string | null;
}

/** Rows are added and never changed. */
export interface MessagesTable {
  /** 32 hex digits that sort by time. */
  id: string;
  cohort_id: string;
  /** null: to all. */
  member_id: string | null;
  account_id: string;
  text: string;
  sent_at: string;
}

/** A hint or solution that the instructor opened: it costs nothing. */
export interface GrantsTable {
  id: string;
  cohort_id: string;
  /** null: for all. */
  member_id: string | null;
  lab: string;
  /** null: the solution of the lab. */
  task: string | null;
  /** Of the hint, from 1; null for the solution. */
  step: number | null;
  granted_at: string;
}

/** Further browsers of a learner, beside the first, whose token is in `learners`. */
export interface LearnerSessionsTable {
  /** SHA-256 of the token, hex. */
  token_hash: string;
  learner_id: string;
  created_at: string;
}

/** What a learner of an assignment handed in. Recorded before it is graded, at the time that decides whether it is late. */
export interface SubmissionsTable {
  id: string;
  cohort_id: string;
  member_id: string;
  lab: string;
  sandbox_id: string;
  asked_at: string;
  /** ungraded: could not be verified; lost: its sandbox ended before. Neither uses up an attempt. */
  state: 'grading' | 'graded' | 'ungraded' | 'lost';
  attempt_id: string | null;
  /** As graded then, without what hints cost, before any late deduction. */
  points: number | null;
  /** JSON: points by task, as graded then. */
  tasks: string | null;
  /** JSON: what is compared with others' for signs of copying. */
  traces: string | null;
}

/** Points that an instructor gave instead. Rows are added, and reverted once. */
export interface OverridesTable {
  /** 32 hex digits that sort by time. */
  id: string;
  cohort_id: string;
  member_id: string;
  lab: string;
  /** null: of the lab as a whole. */
  submission_id: string | null;
  points: number;
  reason: string;
  account_id: string;
  made_at: string;
  reverted_at: string | null;
}

/** A deadline of one member's own. */
export interface ExtensionsTable {
  member_id: string;
  due_at: string;
  reason: string;
  account_id: string;
  made_at: string;
}

/** By which an account's own programs ask, without its password or session. */
export interface ApiTokensTable {
  id: string;
  /** SHA-256 of the token, hex. */
  token_hash: string;
  account_id: string;
  /** In its owner's words. */
  name: string;
  /** With blanks between them. */
  scopes: string;
  created_at: string;
  expires_at: string;
  /** To the minute. */
  used_at: string | null;
}

export interface Database extends LtiTables {
  learners: LearnersTable;
  sandboxes: SandboxesTable;
  attempts: AttemptsTable;
  hints: HintsTable;
  recordings: RecordingsTable;
  accounts: AccountsTable;
  account_sessions: AccountSessionsTable;
  account_links: AccountLinksTable;
  audit_log: AuditLogTable;
  cohorts: CohortsTable;
  cohort_labs: CohortLabsTable;
  members: MembersTable;
  messages: MessagesTable;
  grants: GrantsTable;
  learner_sessions: LearnerSessionsTable;
  submissions: SubmissionsTable;
  overrides: OverridesTable;
  extensions: ExtensionsTable;
  api_tokens: ApiTokensTable;
}
