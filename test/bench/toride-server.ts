/** The real server, with warm sandboxes, and no more on demand, so that a run knows when all are there. */
import { runServer } from './run-server.ts';

const POOL = 2;
await runServer({ pool: POOL, poolLimit: POOL, sandboxLimit: 12 });
