/** The real server for a room of learners: nothing warm but what a workshop asks for. */
import { runServer } from './run-server.ts';

await runServer({ pool: 0, poolLimit: 2, sandboxLimit: 40 });
