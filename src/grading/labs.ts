/** labs/<id>/lab.yaml. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Lab, labSchema } from '../protocol/lab.ts';
import { FileError, readYaml } from './file-error.ts';

export async function loadLab(root: string, id: string): Promise<Lab> {
  const path = join(root, 'labs', id, 'lab.yaml');
  const lab = await readYaml(path, labSchema);
  const problems: string[] = [];
  if (lab.id !== id) problems.push(`: id: expected ${id} as the folder is called, found ${lab.id}`);
  for (const [name, spec] of Object.entries(lab.parameters)) {
    if ('from' in spec && spec.from > spec.to) {
      problems.push(`: parameters.${name}: expected from <= to, found ${spec.from} and ${spec.to}`);
    }
  }
  problems.push(
    ...repeated(
      'tasks',
      lab.tasks.map(({ id }) => id),
    ),
  );
  problems.push(
    ...repeated(
      'checks',
      lab.tasks.flatMap(({ checks }) => checks),
    ),
  );
  if (problems.length > 0) throw new FileError(path, problems);
  return lab;
}

/** Every lab, in the order of the course. */
export async function loadLabs(root: string): Promise<Lab[]> {
  const entries = await readdir(join(root, 'labs'), { withFileTypes: true });
  const labs = await Promise.all(entries.filter((entry) => entry.isDirectory()).map(({ name }) => loadLab(root, name)));
  return labs.sort((a, b) => a.order - b.order);
}

function repeated(where: string, ids: readonly string[]): string[] {
  return ids
    .filter((id, index) => ids.indexOf(id) !== index)
    .map((id) => `: ${where}: expected every id once, found ${id} again`);
}
