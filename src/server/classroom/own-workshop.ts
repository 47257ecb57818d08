/** The workshop of a path, for whom it is theirs; who is not may not know that it is there. */
import type { Context } from 'hono';
import { z } from 'zod';
import type { Member } from '../../store/store.ts';
import { addressOf } from '../accounts/address.ts';
import { type AppParts, type Env, refuse } from '../http.ts';
import { type LiveWorkshop, stateOf } from './live.ts';

type WithWorkshop = (c: Context<Env>, workshop: LiveWorkshop) => Response | Promise<Response>;

/** Finds the workshop of the path, if it is this instructor's. @param open whether it must not be over */
export const withWorkshop =
  ({ workshops }: AppParts, handle: WithWorkshop, open = true) =>
  async (c: Context<Env>): Promise<Response> => {
    const id = z.uuid().safeParse(c.req.param('id')).data;
    const workshop = id && (await workshops.find(id));
    const { account } = c.get('signedIn');
    const own = workshop && (account.role === 'owner' || workshop.cohort.accountId === account.id);
    if (!own) return refuse(c, 'no-such-workshop');
    if (open && stateOf(workshop.cohort) === 'ended') return refuse(c, 'workshop-over');
    return handle(c, workshop);
  };

/** For the audit log: who did what to which workshop, from where. */
export const entryFor = (c: Context<Env>, action: string, id: string | null, detail: Record<string, string> = {}) => ({
  by: c.get('signedIn').account.id,
  action,
  object: id,
  detail: { ...detail, address: addressOf(c) },
});

export const memberIn = ({ members }: LiveWorkshop, id: string | undefined): Member | undefined =>
  members.find((member) => member.id === id);
