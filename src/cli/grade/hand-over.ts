/**
 * Submissions on their way from the caller's folder to the user who grades: read with the caller's own rights, since the
 * other may not see them; one archive a lab, in a folder that goes when it is taken.
 */
import {
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { packFolder } from '../../exercise/archive.ts';
import { serviceIds } from '../../setup/host.ts';
import { checkout } from '../../setup/paths.ts';
import { UserError } from '../../setup/user-error.ts';

const ENDING = '.tar';
const hasScript = (folder: string) => statSync(join(folder, 'run.sh'), { throwIfNoEntry: false })?.isFile() === true;

function requireFolder(path: string): void {
  const found: Stats | undefined = statSync(path, { throwIfNoEntry: false });
  if (!found?.isDirectory())
    throw new UserError('submission', `${path}: expected a folder, found ${found ? 'something else' : 'nothing'}`);
}

/** Folders with a run.sh by lab; those that no lab is called after are told and left. @throws UserError when none is there */
function foldersByLab(submission: string): [lab: string, folder: string][] {
  const names = readdirSync(submission, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && hasScript(join(submission, entry.name)))
    .map(({ name }) => name);
  const isLab = (name: string) => existsSync(join(checkout, 'labs', name, 'lab.yaml'));
  for (const name of names.filter((one) => !isLab(one)))
    console.error(`${join(submission, name)}: no lab is called ${name}, so it is not graded`);
  const labs = names.filter(isLab).sort();
  if (labs.length === 0)
    throw new UserError(
      'submission',
      `${submission}: expected LAB/run.sh for at least one lab of the course, found none`,
    );
  return labs.map((lab) => [lab, join(submission, lab)]);
}

/** @param lab undefined for a whole course. @returns the environment by which the archives are found */
export async function packSubmissions(lab: string | undefined, submission: string): Promise<NodeJS.ProcessEnv> {
  requireFolder(submission);
  if (lab !== undefined && !hasScript(submission))
    throw new UserError('submission', `${join(submission, 'run.sh')}: expected the script that is run, found nothing`);
  const folders = lab === undefined ? foldersByLab(submission) : [[lab, submission] as const];
  const ids = serviceIds();
  const handOver = mkdtempSync(join(tmpdir(), 'toride-submission-'));
  try {
    for (const [name, folder] of folders) {
      // A lab's name may be anything until it has been looked up.
      const path = join(handOver, `${encodeURIComponent(name)}${ENDING}`);
      writeFileSync(path, await packFolder(folder), { mode: 0o600 });
      if (ids) chownSync(path, ids.uid, ids.gid);
    }
    if (ids) chownSync(handOver, ids.uid, ids.gid);
    return { TORIDE_SUBMISSION: join(handOver, 'archives') };
  } catch (error) {
    rmSync(handOver, { recursive: true, force: true });
    throw error;
  }
}

/** The archives by lab. They are taken once. */
export function takeSubmissions(): ReadonlyMap<string, Buffer> {
  const place = process.env.TORIDE_SUBMISSION;
  if (!place) throw new UserError('submission', 'the submission was not handed over');
  const handOver = dirname(place);
  try {
    return new Map(
      readdirSync(handOver).map((name) => [
        decodeURIComponent(basename(name, ENDING)),
        readFileSync(join(handOver, name)),
      ]),
    );
  } finally {
    rmSync(handOver, { recursive: true, force: true });
  }
}
