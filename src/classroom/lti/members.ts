/** Names and Role Provisioning Services 2.0: who is in the course, also those who have not come yet. */
import { z } from 'zod';
import type { LtiPlatform } from '../../store/lti-platforms.ts';
import type { LtiRole } from '../../store/lti-sessions.ts';
import { SCOPE } from './claims.ts';
import { allPages } from './pages.ts';
import { roleOf } from './roles.ts';
import type { PlatformServices } from './services.ts';

const CONTAINER = 'application/vnd.ims.lti-nrps.v2.membershipcontainer+json';

/** Some platforms send numbers here, which are text in a launch. */
const idSchema = z.union([z.string(), z.number()]).transform(String);

const containerSchema = z.looseObject({
  members: z.array(
    z.looseObject({
      user_id: idSchema,
      status: z.string().nullish(),
      roles: z.array(z.string()).catch([]),
      name: z.string().nullish(),
      given_name: z.string().nullish(),
      family_name: z.string().nullish(),
    }),
  ),
});

export interface CourseMember {
  readonly sub: string;
  /** As far as the platform tells it. */
  readonly name: string | null;
  readonly role: LtiRole;
}

interface Named {
  readonly name?: string | null | undefined;
  readonly given_name?: string | null | undefined;
  readonly family_name?: string | null | undefined;
}

/** Of a member or of a launch; cut where nobody's name is as long. */
export function nameOf({ name, given_name: given, family_name: family }: Named): string | null {
  const whole = name?.trim() || [given, family].filter(Boolean).join(' ').trim();
  return whole === '' ? null : whole.slice(0, 200);
}

/** Those who are active. @throws PlatformFailed */
export async function courseMembers(
  services: PlatformServices,
  platform: LtiPlatform,
  url: string,
): Promise<CourseMember[]> {
  const members: CourseMember[] = [];
  const read = (page: string) =>
    services.ask(platform, SCOPE.members, containerSchema, page, { headers: { accept: CONTAINER } });
  for await (const container of allPages(url, read)) {
    const active = container.members.filter(({ status }) => (status ?? 'Active') === 'Active');
    members.push(...active.map((one) => ({ sub: one.user_id, name: nameOf(one), role: roleOf(one.roles) })));
  }
  return members;
}
