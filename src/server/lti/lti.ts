/** What is open for platforms as long as the server runs. */
import type { Logger } from 'pino';
import { type LtiKey, openLtiKey } from '../../classroom/lti/key.ts';
import { openPlatformKeys, type PlatformKeys } from '../../classroom/lti/launch.ts';
import { openServices, type PlatformServices } from '../../classroom/lti/services.ts';
import type { Exercise } from '../../exercise/catalogue.ts';
import type { Store } from '../../store/store.ts';
import type { Rooms } from '../rooms.ts';
import { type LtiScores, openScores } from './scores.ts';

export interface Lti {
  readonly key: () => Promise<LtiKey>;
  readonly keysOf: PlatformKeys;
  readonly services: PlatformServices;
  readonly scores: LtiScores;
  /** Ends what is on its way; what has not arrived is sent by the next server. */
  close(): Promise<void>;
}

export interface LtiParts {
  readonly store: Store;
  readonly rooms: Pick<Rooms, 'hear'>;
  readonly catalogue: ReadonlyMap<string, Exercise>;
  /** The instance's. */
  readonly folder: string;
  readonly log: Logger;
}

export function openLti({ store, rooms, catalogue, folder, log }: LtiParts): Lti {
  const ending = new AbortController();
  const key = openLtiKey(folder);
  const services = openServices(key, ending.signal);
  const scores = openScores({ store, catalogue, services, log });
  rooms.hear((learnerId, lab, { type }) => {
    if (type === 'attempt') scores.attemptStored(learnerId, lab);
  });
  return {
    key,
    keysOf: openPlatformKeys(),
    services,
    scores,
    close() {
      ending.abort(new Error('the server ends'));
      return scores.close();
    },
  };
}
