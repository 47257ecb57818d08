/** What the routes of assignments share: whose they are, and all that belongs to one. */
import type { Context } from 'hono';
import { z } from 'zod';
import type { AssignmentRecords } from '../../classroom/gradebook.ts';
import type { Cohort, Member, Store } from '../../store/store.ts';
import { addressOf } from '../accounts/address.ts';
import type { Env } from '../http.ts';

export const idOf = (text: string | undefined): string | undefined => z.uuid().safeParse(text).data;

/** The assignment in the path, for its instructor and for the owner of the machine; for anybody else there is none. */
export async function ownAssignment(c: Context<Env>, store: Store): Promise<Cohort | undefined> {
  const id = idOf(c.req.param('id'));
  const cohort = id === undefined ? undefined : await store.findCohort(id);
  const { account } = c.get('signedIn');
  const may = cohort?.accountId === account.id || account.role === 'owner';
  return cohort?.kind === 'assignment' && may ? cohort : undefined;
}

/** The member in the path, of that assignment. */
export async function memberIn(c: Context<Env>, store: Store, cohort: Cohort): Promise<Member | undefined> {
  const id = idOf(c.req.param('member'));
  return id === undefined ? undefined : store.findMember(cohort.id, id);
}

export async function recordsOf(store: Store, cohort: Cohort): Promise<AssignmentRecords> {
  const [members, submissions, overrides, extensions] = await Promise.all([
    store.members(cohort.id),
    store.submissions(cohort.id),
    store.overrides(cohort.id),
    store.extensions(cohort.id),
  ]);
  return { cohort, members, submissions, overrides, extensions };
}

export async function recordsOfMember(store: Store, cohort: Cohort, member: Member): Promise<AssignmentRecords> {
  const [submissions, overrides, extensions] = await Promise.all([
    store.submissions(cohort.id, member.id),
    store.overrides(cohort.id, member.id),
    store.extensions(cohort.id),
  ]);
  return { cohort, members: [member], submissions, overrides, extensions };
}

export const entryOf = (c: Context<Env>, action: string, object: string, detail: Record<string, string> = {}) => ({
  by: c.get('signedIn').account.id,
  action,
  object,
  detail: { ...detail, address: addressOf(c) },
});
