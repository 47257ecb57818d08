/**
 * Who may ask for what of assignments below /api/instructor. Part of accounts/access.ts. Whose an assignment is, is looked at
 * as well, by assignment-parts.ts.
 */
export const ASSIGNMENT_ACCESS = {
  'GET /assignments': 'instructor',
  'POST /assignments': 'instructor',
  'GET /assignments/:id': 'instructor',
  'PUT /assignments/:id': 'instructor',
  'POST /assignments/:id/close': 'instructor',
  'PUT /assignments/:id/sign-up': 'instructor',
  'GET /assignments/:id/gradebook.csv': 'instructor',
  'GET /assignments/:id/gradebook.json': 'instructor',
  'GET /assignments/:id/results.json': 'instructor',
  'GET /assignments/:id/signs': 'instructor',
  'POST /assignments/:id/roster': 'instructor',
  'POST /assignments/:id/links': 'instructor',
  'POST /assignments/:id/members/:member/link': 'instructor',
  'DELETE /assignments/:id/members/:member': 'instructor',
  'PUT /assignments/:id/members/:member/extension': 'instructor',
  'GET /assignments/:id/submissions/:submission': 'instructor',
  'GET /assignments/:id/submissions/:submission/snapshot': 'instructor',
  'GET /assignments/:id/submissions/:submission/replay': 'instructor',
  'POST /assignments/:id/overrides': 'instructor',
  'DELETE /assignments/:id/overrides/:override': 'instructor',
} as const;
