/** What programs may ask, as OpenAPI 3.1: made from the very schemas that the routes check with. */
import { z } from 'zod';
import { errorSchema } from '../protocol/api.ts';
import { SCOPES } from '../protocol/api-tokens.ts';
import {
  assignmentIdSchema,
  assignmentListSchema,
  assignmentPlanSchema,
  extensionSchema,
  gradebookSchema,
  linksFileSchema,
  memberLinkSchema,
  newAssignmentSchema,
  overrideSchema,
  replaySchema,
  rosterAnswerSchema,
  signsSchema,
  signUpSwitchSchema,
  submissionViewSchema,
} from '../protocol/assignments.ts';
import {
  doneForSchema,
  extendSchema,
  lastCheckSchema,
  lockSchema,
  messageToSchema,
  openHelpSchema,
  memberLinkSchema as placeLinkSchema,
  resetSchema,
  workshopPlanSchema,
  workshopSchema,
  workshopsSchema,
} from '../protocol/workshops.ts';
import { scopeOf } from './accounts/access.ts';
import type { ASSIGNMENT_ACCESS } from './classroom/assignment-access.ts';
import type { WORKSHOP_ACCESS } from './classroom/workshop-access.ts';

type Route = keyof typeof ASSIGNMENT_ACCESS | Exclude<keyof typeof WORKSHOP_ACCESS, 'POST /workshops/:id/share'>;
interface Described {
  readonly summary: string;
  /** JSON, or a CSV file as it is. */
  readonly body?: z.ZodType | 'text/csv';
  /** JSON by its schema, or another kind of file. */
  readonly answer: z.ZodType | 'text/csv' | 'application/json';
}

const DESCRIBED: Readonly<Record<Route, Described>> = {
  'GET /assignments': { summary: 'Your assignments, and the labs to choose from', answer: assignmentListSchema },
  'POST /assignments': { summary: 'Make an assignment', body: newAssignmentSchema, answer: assignmentIdSchema },
  'GET /assignments/:id': { summary: 'One assignment with its gradebook', answer: gradebookSchema },
  'PUT /assignments/:id': { summary: 'Change its rules', body: assignmentPlanSchema, answer: assignmentIdSchema },
  'POST /assignments/:id/close': { summary: 'Close it for good', answer: assignmentIdSchema },
  'PUT /assignments/:id/sign-up': {
    summary: 'Open, renew or end sign-up by a link',
    body: signUpSwitchSchema,
    answer: assignmentIdSchema,
  },
  'GET /assignments/:id/gradebook.csv': { summary: 'The gradebook as CSV', answer: 'text/csv' },
  'GET /assignments/:id/gradebook.json': { summary: 'The gradebook as a file of JSON', answer: gradebookSchema },
  'GET /assignments/:id/results.json': {
    summary: 'Results as external graders of PrairieLearn write them',
    answer: 'application/json',
  },
  'GET /assignments/:id/signs': { summary: 'What is worth a look; never a verdict', answer: signsSchema },
  'POST /assignments/:id/roster': {
    summary: 'Bring a roster, whole or not at all',
    body: 'text/csv',
    answer: rosterAnswerSchema,
  },
  'POST /assignments/:id/links': {
    summary: 'New personal links of all who have not come yet; those before end',
    answer: linksFileSchema,
  },
  'POST /assignments/:id/members/:member/link': {
    summary: 'A new personal link; the one before ends',
    answer: memberLinkSchema,
  },
  'DELETE /assignments/:id/members/:member': { summary: 'Take a learner out', answer: assignmentIdSchema },
  'PUT /assignments/:id/members/:member/extension': {
    summary: 'Give one learner a deadline of their own, or take it back',
    body: extensionSchema,
    answer: assignmentIdSchema,
  },
  'GET /assignments/:id/submissions/:submission': {
    summary: 'One submission with its evidence',
    answer: submissionViewSchema,
  },
  'GET /assignments/:id/submissions/:submission/snapshot': {
    summary: 'The snapshot that it was graded from',
    answer: 'application/json',
  },
  'GET /assignments/:id/submissions/:submission/replay': {
    summary: 'Today’s grader on the stored snapshot; changes nothing',
    answer: replaySchema,
  },
  'POST /assignments/:id/overrides': {
    summary: 'Give points instead, with a reason',
    body: overrideSchema,
    answer: assignmentIdSchema,
  },
  'DELETE /assignments/:id/overrides/:override': { summary: 'Take such points back', answer: assignmentIdSchema },
  'GET /workshops': { summary: 'Your workshops', answer: workshopsSchema },
  'POST /workshops': { summary: 'Make a workshop', body: workshopPlanSchema, answer: workshopSchema },
  'GET /workshops/:id': { summary: 'One workshop', answer: workshopSchema },
  'PUT /workshops/:id': { summary: 'Change its plan', body: workshopPlanSchema, answer: workshopSchema },
  'POST /workshops/:id/start': { summary: 'Begin before its time', answer: workshopSchema },
  'POST /workshops/:id/end': { summary: 'End it; its sandboxes are removed', answer: workshopSchema },
  'POST /workshops/:id/lock': { summary: 'Lock or unlock a lab', body: lockSchema, answer: workshopSchema },
  'POST /workshops/:id/message': { summary: 'Write to one or all', body: messageToSchema, answer: doneForSchema },
  'POST /workshops/:id/extend': { summary: 'More time for one or all', body: extendSchema, answer: doneForSchema },
  'POST /workshops/:id/reset': { summary: 'New sandboxes for one or all', body: resetSchema, answer: doneForSchema },
  'POST /workshops/:id/help': {
    summary: 'Open a hint or the solution for one or all',
    body: openHelpSchema,
    answer: doneForSchema,
  },
  'POST /workshops/:id/members/:member/hand': { summary: 'Lower a raised hand', answer: doneForSchema },
  'POST /workshops/:id/members/:member/link': {
    summary: 'A new personal link; the one before ends',
    answer: placeLinkSchema,
  },
  'DELETE /workshops/:id/members/:member': { summary: 'Take a learner out', answer: doneForSchema },
  'GET /workshops/:id/members/:member/labs/:lab': {
    summary: 'A learner’s last check in a lab, with its evidence',
    answer: lastCheckSchema,
  },
  'GET /workshops/:id/export': {
    summary: 'Results by learner and task; with format=csv as CSV',
    answer: 'application/json',
  },
};

const json = (schema: z.ZodType, io: 'input' | 'output') => {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return { 'application/json': { schema: rest } };
};
const file = (type: string) => ({ [type]: { schema: type === 'text/csv' ? { type: 'string' } : {} } });

function operation(route: Route): object {
  const { summary, body, answer } = DESCRIBED[route];
  const names = [...route.matchAll(/:(\w+)/g)].map(([, name]) => name!);
  const scope = scopeOf(route);
  return {
    summary,
    operationId: route.replace(/[^A-Za-z]+/g, '-').toLowerCase(),
    parameters: [
      ...names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
      { name: 'language', in: 'query', schema: { enum: ['en', 'ja'], default: 'en' } },
    ],
    ...(body && {
      requestBody: { required: true, content: typeof body === 'string' ? file(body) : json(body, 'input') },
    }),
    responses: {
      200: { description: 'Done', content: typeof answer === 'string' ? file(answer) : json(answer, 'output') },
      default: { $ref: '#/components/responses/refusal' },
    },
    security: [{ token: scope === undefined ? [] : [scope] }],
    'x-scope': scope,
  };
}

let made: object | undefined;

export function apiDescription(): object {
  made ??= describe();
  return made;
}

function describe(): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of Object.keys(DESCRIBED) as Route[]) {
    const [method = '', path = ''] = route.split(' ');
    const at = `/api/instructor${path.replace(/:(\w+)/g, '{$1}')}`;
    paths[at] = { ...paths[at], [method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Toride for instructors',
      version: '1',
      description: `Tokens are made at /en/instructor/api/ and sent as Authorization: Bearer. Scopes: ${SCOPES.join(', ')}.`,
    },
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      responses: {
        refusal: {
          description: 'A stable code, and a sentence for the person in the language asked for',
          content: json(errorSchema, 'output'),
        },
      },
    },
  };
}
