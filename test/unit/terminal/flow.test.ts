import { expect, test } from 'vitest';
import { PAUSE_ABOVE, RESUME_BELOW } from '../../../src/protocol/terminal.ts';
import { Flow } from '../../../src/terminal/flow.ts';

test('pauses above one mark and resumes only below the other', () => {
  const flow = new Flow();
  flow.sent(PAUSE_ABOVE);
  expect(flow.congested).toBe(false);
  flow.sent(1);
  expect(flow.congested).toBe(true);
  flow.acknowledged(PAUSE_ABOVE - RESUME_BELOW);
  expect(flow.congested).toBe(true);
  flow.acknowledged(2);
  expect(flow.congested).toBe(false);
});

test('a browser that acknowledges more than it got saves up nothing', () => {
  const flow = new Flow();
  flow.acknowledged(1e9);
  flow.sent(PAUSE_ABOVE + 1);
  expect(flow.congested).toBe(true);
});
