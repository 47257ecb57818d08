/** The tables, as Kysely types. Times are ISO 8601 text, so that every database sorts and prints them alike. */
import type { Generated } from 'kysely';

export interface LearnersTable {
  id: string;
  /** SHA-256 of the session token, hex: the token itself is only in the learner's cookie. */
  token_hash: string;
  language: 'en' | 'ja';
  created_at: string;
  seen_at: string;
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
  ended_at: string | null;
}

export interface AttemptsTable {
  number: Generated<number>;
  id: string;
  learner_id: string;
  lab: string;
  sandbox_id: string;
  status: 'passed' | 'failed' | 'ungraded';
  score: number;
  max_score: number;
  /** JSON: results with evidence, as the runner gave them. */
  results: string;
  /** gzip of the snapshot's JSON: what the results were judged from. */
  snapshot: Uint8Array;
  graded_at: string;
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

export interface Database {
  learners: LearnersTable;
  sandboxes: SandboxesTable;
  attempts: AttemptsTable;
  recordings: RecordingsTable;
}
