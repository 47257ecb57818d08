/**
 * The chapter's SecurityPolicy (8.6.2) with a precise meaning: what may be written, and what it says. docs/security-policy.md
 * tells it to people; docs/security-policy.schema.json is made from this.
 */
import { z } from 'zod';
import { capabilityName } from './capabilities.ts';

/** At most so many entries in any list: a policy is read by people. */
const most = 100;
const text = z.string().min(1).max(300);

const capability = text
  .transform((name, context) => {
    const known = capabilityName(name);
    if (known === undefined)
      context.addIssue({ code: 'custom', message: 'ALL or the name of a capability, as NET_ADMIN or CAP_NET_ADMIN' });
    return known ?? '';
  })
  .meta({ description: 'ALL or a capability, in any case, with or without CAP_', examples: ['NET_BIND_SERVICE'] });
const capabilityList = z.array(capability).min(1).max(most);
const added = z.strictObject({ add: capabilityList });

const hostNamespaces = ['network', 'pid', 'ipc', 'uts'] as const;
export type HostNamespace = (typeof hostNamespaces)[number];
const limits = ['memory', 'pids', 'cpus'] as const;
export type Limit = (typeof limits)[number];

/** One key an entry, so that nobody has to guess whether two are joined by "and" or by "or". */
const entry = <S extends z.core.$ZodShape>(shape: S) =>
  z
    .strictObject(shape)
    .partial()
    .refine((value) => Object.keys(value).length === 1, 'exactly one key; write the next rule as an entry of its own')
    .meta({ minProperties: 1, maxProperties: 1 });
const entries = <T extends z.ZodType>(schema: T) => z.array(schema).max(most).default([]);

export const policySchema = z.strictObject({
  apiVersion: z.literal('v1'),
  kind: z.literal('SecurityPolicy'),
  metadata: z.strictObject({ name: text }),
  spec: z.strictObject({
    requiredLabels: entries(
      z.strictObject({
        key: text,
        value: z.string().max(300).optional().meta({ description: 'exactly this value; without it any value will do' }),
      }),
    ),
    forbidden: entries(
      entry({
        privileged: z.literal(true),
        capabilities: added.meta({ description: 'no container may have these, however it came by them' }),
        hostNamespaces: z.array(z.enum(hostNamespaces)).min(1),
        mounts: z
          .array(z.string().regex(/^\//, 'an absolute path').max(300))
          .min(1)
          .max(most)
          .meta({ description: 'paths of the host: neither they nor what lies in them may be seen in a container' }),
      }),
    ),
    required: entries(
      entry({
        readOnlyRootFilesystem: z.literal(true),
        runAsNonRoot: z.literal(true),
        dropCapabilities: capabilityList.meta({ description: 'none of these but what is allowed' }),
        noNewPrivileges: z.literal(true),
        seccomp: z.literal(true),
        limits: z.array(z.enum(limits)).min(1),
      }),
    ),
    allowed: entries(
      entry({
        capabilities: added.meta({
          description: 'nothing beyond the default set but these; dropCapabilities lets them through',
        }),
      }),
    ),
  }),
});
export type SecurityPolicy = z.output<typeof policySchema>;

/** For editors: `# yaml-language-server: $schema=…`. */
export const policyJsonSchema = (): object => ({
  title: 'SecurityPolicy',
  ...z.toJSONSchema(policySchema, { io: 'input' }),
});
