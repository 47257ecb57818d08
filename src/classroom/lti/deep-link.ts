/** Deep Linking 2.0: the message that tells a platform which lab was chosen. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { LtiPlatform } from '../../store/lti-platforms.ts';
import { CLAIM } from './claims.ts';
import { resourceIdOf } from './grades.ts';
import type { LtiKey } from './key.ts';

const LIFE_S = 300;

/** What is kept of a request until a lab is chosen. */
export const choosingSchema = z.strictObject({
  returnUrl: z.string(),
  deploymentId: z.string(),
  /** Goes back as it came; null: none came, and none goes back. */
  data: z.string().nullable(),
});
export type Choosing = z.infer<typeof choosingSchema>;

export interface ChosenLab {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly maxScore: number;
  /** Where its link leads. */
  readonly url: string;
}

export async function choiceMessage(
  key: LtiKey,
  platform: LtiPlatform,
  { deploymentId, data }: Choosing,
  lab: ChosenLab,
): Promise<string> {
  const item = {
    type: 'ltiResourceLink',
    url: lab.url,
    title: lab.title,
    text: lab.summary,
    custom: { lab: lab.id },
    lineItem: { scoreMaximum: lab.maxScore, label: lab.title, resourceId: resourceIdOf(lab.id), tag: 'grade' },
  };
  const claims = {
    // From the tool to the platform: the other way round than a launch.
    iss: platform.clientId,
    aud: platform.issuer,
    nonce: randomUUID(),
    [CLAIM.deploymentId]: deploymentId,
    [CLAIM.messageType]: 'LtiDeepLinkingResponse',
    [CLAIM.version]: '1.3.0',
    [CLAIM.chosen]: [item],
    ...(data !== null && { [CLAIM.choiceData]: data }),
  };
  return key.sign(claims, LIFE_S);
}
