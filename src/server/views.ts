/** What is told of rooms and attempts to their learner. */
import type { Exercise } from '../exercise/catalogue.ts';
import type { Language } from '../grading/check.ts';
import { feedback } from '../grading/feedback.ts';
import { maxScore } from '../grading/score.ts';
import { type Attempt, attemptSchema, type SandboxState, sandboxStateSchema } from '../protocol/api.ts';
import type { AttemptRecord } from '../store/store.ts';
import type { Room } from './room.ts';

export function sandboxState(room: Room | undefined): SandboxState {
  return sandboxStateSchema.parse({
    state: room?.sandbox.state ?? 'absent',
    expiresAt: room?.expiresAt.toISOString() ?? null,
    parameters: room?.record.parameters ?? {},
  });
}

export function attempt(record: AttemptRecord, { grader }: Exercise, language: Language): Attempt {
  return attemptSchema.parse({
    ...record,
    maxScore: record.maxScore ?? maxScore,
    checks: feedback(grader, record.results, language),
  });
}
