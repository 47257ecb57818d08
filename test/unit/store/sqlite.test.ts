import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqlite } from '../../../src/store/sqlite.ts';
import { storeConformance } from './conformance.ts';
import { assignmentConformance } from './conformance-assignments.ts';
import { ltiConformance } from './lti-conformance.ts';

const make = () => {
  const folder = mkdtempSync(join(tmpdir(), 'toride-store-'));
  return {
    shared: false,
    connect: () => openSqlite(join(folder, 'toride.db')),
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  };
};
storeConformance('sqlite', make);
assignmentConformance('sqlite', make);
ltiConformance('sqlite', make);
