/** What is told of rooms to their learner. */
import { type SandboxState, sandboxStateSchema } from '../protocol/api.ts';
import type { Room } from './room.ts';

export function sandboxState(room: Room | undefined): SandboxState {
  return sandboxStateSchema.parse({
    state: room?.sandbox.state ?? 'absent',
    expiresAt: room?.expiresAt.toISOString() ?? null,
    parameters: room?.record.parameters ?? {},
  });
}
