/** The tables of learning platforms (LTI 1.3). Times are ISO 8601 text. */

export interface LtiPlatformsTable {
  id: string;
  /** In the owner's words. */
  name: string;
  issuer: string;
  client_id: string;
  auth_url: string;
  token_url: string;
  jwks_url: string;
  /** For whom a client assertion is made; null: the token URL. */
  token_audience: string | null;
  /** Whose pages show ours in a frame. */
  page_origin: string;
  /** JSON: the deployments that are let in; none: all of this client. */
  deployments: string;
  /** Who registered it, or made the link by which it was. */
  account_id: string;
  created_at: string;
  /** Nobody comes by it any more; its rows stay. */
  removed_at: string | null;
}

/** One-time links for dynamic registration. */
export interface LtiRegistrationsTable {
  /** SHA-256 of the token, hex. */
  token_hash: string;
  id: string;
  account_id: string;
  created_at: string;
  expires_at: string;
  used_at: string | null;
}

/** A link in a course of a platform. */
export interface LtiLinksTable {
  id: string;
  platform_id: string;
  deployment_id: string;
  resource_link_id: string;
  context_id: string | null;
  title: string;
  context_title: string;
  /** null until somebody who teaches there has chosen one. */
  lab: string | null;
  /** Where its scores go; null: not known yet, or nowhere. */
  line_item_url: string | null;
  /** Where line items of the context are found and made. */
  line_items_url: string | null;
  memberships_url: string | null;
  created_at: string;
  seen_at: string;
}

export interface LtiUsersTable {
  id: string;
  platform_id: string;
  sub: string;
  learner_id: string;
  name: string | null;
  email: string | null;
  created_at: string;
  seen_at: string;
}

/** What a browser may after a launch. */
export interface LtiSessionsTable {
  /** SHA-256 of the token, hex. */
  token_hash: string;
  user_id: string;
  /** null while a lab is chosen for a link that is not there yet. */
  link_id: string | null;
  role: 'instructor' | 'learner' | 'visitor';
  /** JSON: where a choice of a lab goes, and with what. */
  choosing: string | null;
  created_at: string;
  expires_at: string;
}

export interface LtiNoncesTable {
  /** SHA-256, hex. */
  nonce_hash: string;
  /** From when on it need not be remembered. */
  expires_at: string;
}

/** A learner who came by a link, and the score that goes back by it: the newest only. */
export interface LtiScoresTable {
  id: string;
  link_id: string;
  user_id: string;
  /** null: nothing graded yet. */
  score: number | null;
  max_score: number | null;
  passed: 0 | 1;
  /** How many attempts the score was made from. */
  attempts_seen: number;
  /** ended: somebody who teaches there gave it up. */
  state: 'none' | 'waiting' | 'sent' | 'ended';
  tries: number;
  next_try_at: string | null;
  /** The time that the platform was last told; always later than the one before. */
  stamp: string | null;
  last_error: string | null;
  changed_at: string;
  sent_at: string | null;
}

export interface LtiTables {
  lti_platforms: LtiPlatformsTable;
  lti_registrations: LtiRegistrationsTable;
  lti_links: LtiLinksTable;
  lti_users: LtiUsersTable;
  lti_sessions: LtiSessionsTable;
  lti_nonces: LtiNoncesTable;
  lti_scores: LtiScoresTable;
}
