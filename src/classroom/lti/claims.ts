/** What of a launch's claims is read. Others may be there: the specification wants them ignored. */
import { z } from 'zod';

const LTI = 'https://purl.imsglobal.org/spec/lti/claim';
export const CLAIM = {
  messageType: `${LTI}/message_type`,
  version: `${LTI}/version`,
  deploymentId: `${LTI}/deployment_id`,
  targetLinkUri: `${LTI}/target_link_uri`,
  roles: `${LTI}/roles`,
  resourceLink: `${LTI}/resource_link`,
  context: `${LTI}/context`,
  custom: `${LTI}/custom`,
  presentation: `${LTI}/launch_presentation`,
  grades: 'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint',
  members: 'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice',
  choosing: 'https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings',
  chosen: 'https://purl.imsglobal.org/spec/lti-dl/claim/content_items',
  choiceData: 'https://purl.imsglobal.org/spec/lti-dl/claim/data',
} as const;

export const SCOPE = {
  lineItem: 'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem',
  score: 'https://purl.imsglobal.org/spec/lti-ags/scope/score',
  members: 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly',
} as const;

/** The specification's longest id; what is longer was not made by it. */
const idSchema = z.string().min(1).max(255);
/** null is often sent for what is not known. */
const textSchema = z.string().nullish();
/** What is not needed for a launch does not spoil one: an object that is empty comes from PHP as a list. */
const optional = <T extends z.ZodType>(schema: T) => schema.nullish().catch(null);

const common = {
  sub: idSchema,
  exp: z.number(),
  name: textSchema,
  given_name: textSchema,
  family_name: textSchema,
  email: textSchema,
  [CLAIM.version]: z.literal('1.3.0'),
  [CLAIM.deploymentId]: idSchema,
  [CLAIM.roles]: optional(z.array(z.string())),
  [CLAIM.context]: optional(z.object({ id: idSchema, title: textSchema, label: textSchema })),
  [CLAIM.custom]: optional(z.record(z.string(), z.unknown())),
  [CLAIM.presentation]: optional(z.object({ locale: textSchema })),
};

const resourceSchema = z.looseObject({
  ...common,
  [CLAIM.targetLinkUri]: z.string(),
  [CLAIM.resourceLink]: z.object({ id: idSchema, title: textSchema }),
  [CLAIM.grades]: optional(z.object({ lineitem: textSchema, lineitems: textSchema })),
  [CLAIM.members]: optional(z.object({ context_memberships_url: textSchema })),
});
const choosingSchema = z.looseObject({
  ...common,
  [CLAIM.choosing]: z.object({
    deep_link_return_url: z.string(),
    accept_types: z.array(z.string()),
    data: textSchema,
  }),
});
export type ResourceClaims = z.infer<typeof resourceSchema>;
export type ChoosingClaims = z.infer<typeof choosingSchema>;

/** Somebody follows a link, or chooses what a new link is to lead to. */
export type Launch =
  | { readonly kind: 'resource'; readonly claims: ResourceClaims }
  | { readonly kind: 'choosing'; readonly claims: ChoosingClaims };

/** @param payload verified. @throws z.ZodError when it is no message that is known here */
export function readLaunch(payload: Readonly<Record<string, unknown>>): Launch {
  const type = z.enum(['LtiResourceLinkRequest', 'LtiDeepLinkingRequest']).parse(payload[CLAIM.messageType]);
  return type === 'LtiResourceLinkRequest'
    ? { kind: 'resource', claims: resourceSchema.parse(payload) }
    : { kind: 'choosing', claims: choosingSchema.parse(payload) };
}
