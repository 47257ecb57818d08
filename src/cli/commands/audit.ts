/** `toride audit --policy FILE`: the caller's own containers against a security policy. Needs Podman, no set-up, no root. */
import { parseArgs } from 'node:util';
import { audit, PodmanError } from '../../audit/audit.ts';
import { exitCode, type Format, formats, type Language, report } from '../../audit/report.ts';
import { FileError, readYaml } from '../../grading/file-error.ts';
import { policyJsonSchema, policySchema } from '../../policy/policy.ts';
import { UserError } from '../../setup/user-error.ts';

function readArguments(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      strict: true,
      options: {
        policy: { type: 'string' },
        format: { type: 'string', default: 'text' },
        language: { type: 'string', default: 'en' },
        schema: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UserError('usage', `audit: ${(error as Error).message}`);
  }
}

/** @returns 0 when nothing is wrong, 1 when something is, 2 when that cannot be told. @throws UserError, which ends with 2 */
export async function runAudit(args: string[]): Promise<number> {
  const { values, positionals: names } = readArguments(args);
  if (values.schema) {
    console.log(JSON.stringify(policyJsonSchema(), null, 2));
    return 0;
  }
  const { policy: policyPath, format, language } = values;
  if (!policyPath) throw new UserError('usage', 'audit: --policy FILE is missing: a SecurityPolicy in YAML');
  if (!formats.includes(format as Format))
    throw new UserError('usage', `audit: --format: expected one of ${formats.join(', ')}, found ${format}`);
  if (language !== 'en' && language !== 'ja')
    throw new UserError('usage', `audit: --language: expected en or ja, found ${language}`);
  try {
    const found = audit(await readYaml(policyPath, policySchema), names);
    console.log(report(format as Format, { audit: found, policyPath, language: language as Language }));
    return exitCode(found);
  } catch (error) {
    if (error instanceof FileError || error instanceof PodmanError) throw new UserError('audit', error.message);
    throw error;
  }
}
