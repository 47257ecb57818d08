/** The values a lab is graded with: from a seed, or given. */
import { createHmac } from 'node:crypto';
import { drawParameters } from '../../grading/parameters.ts';
import type { Lab } from '../../protocol/lab.ts';
import { UserError } from '../../setup/user-error.ts';

/** A seed for one purpose and one lab: no lab's values tell anything about another's. */
export const seedFor = (seed: string, purpose: 'parameters' | 'trials', lab: string): string =>
  createHmac('sha256', seed).update(`grade\0${purpose}\0${lab}`).digest('hex');

/** Values by name: drawn, and replaced by what was given. @throws UserError for a value that the lab cannot have */
export function chooseParameters(
  lab: Lab,
  given: Readonly<Record<string, string>>,
  seed: string,
): Record<string, string> {
  for (const [name, value] of Object.entries(given)) {
    const spec = lab.parameters[name];
    if (!spec)
      throw new UserError(
        'usage',
        `--param ${name}: lab ${lab.id} has ${Object.keys(lab.parameters).join(', ') || 'no parameters'}`,
      );
    const fits =
      spec.kind === 'port' || spec.kind === 'id'
        ? /^\d{1,5}$/.test(value) && Number(value) >= spec.from && Number(value) <= spec.to
        : spec.kind === 'token'
          ? /^[a-z0-9]{4,64}$/.test(value)
          : spec.of.includes(value);
    const expected =
      spec.kind === 'token'
        ? '4 to 64 lower-case letters and digits'
        : spec.kind === 'choice'
          ? spec.of.join(' or ')
          : `${spec.from} to ${spec.to}`;
    if (!fits) throw new UserError('usage', `--param ${name}: expected ${expected}, found ${value}`);
  }
  return { ...drawParameters(lab.parameters, seedFor(seed, 'parameters', lab.id)), ...given };
}
