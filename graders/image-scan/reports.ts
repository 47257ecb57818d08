/** A report of findings in one of three forms: this lab's own, Trivy's JSON, Clair's JSON (clairctl report --out json). */
import { z } from 'zod';

export interface Finding {
  readonly package: string;
  readonly cve: string;
  readonly fixed: string;
}

const text = z.string().max(300);
const own = z.array(z.object({ package: text, cve: text, fixed: text })).transform((entries): Finding[] => entries);

const trivy = z
  .object({
    Results: z.array(
      z.object({
        Vulnerabilities: z
          .array(z.object({ VulnerabilityID: text, PkgName: text, FixedVersion: z.string().nullish() }))
          .nullish(),
      }),
    ),
  })
  .transform(({ Results }) =>
    Results.flatMap(({ Vulnerabilities }) => Vulnerabilities ?? []).map((one): Finding => {
      return { package: one.PkgName, cve: one.VulnerabilityID, fixed: one.FixedVersion ?? '' };
    }),
  );

const clair = z
  .object({
    packages: z.record(z.string(), z.object({ name: text })),
    vulnerabilities: z.record(z.string(), z.object({ name: text, fixed_in_version: z.string().nullish() })),
    package_vulnerabilities: z.record(z.string(), z.array(z.string()).nullable()),
  })
  .transform(({ packages, vulnerabilities, package_vulnerabilities: pairs }) =>
    Object.entries(pairs).flatMap(([id, holes]) =>
      (holes ?? []).flatMap((hole): Finding[] => {
        const [found, vulnerability] = [packages[id], vulnerabilities[hole]];
        if (!found || !vulnerability) return [];
        // Debian's updater of Clair puts the package's name before the hole's.
        const cve = /CVE-\d{4}-\d+/.exec(vulnerability.name)?.[0] ?? vulnerability.name;
        return [{ package: found.name, cve, fixed: vulnerability.fixed_in_version ?? '' }];
      }),
    ),
  );

const reportSchema = z.union([own, trivy, clair]);

/** undefined for what is none of the three. Names of packages are freed of ':amd64'. */
export function parseReport(json: string): Finding[] | undefined {
  try {
    const findings = reportSchema.safeParse(JSON.parse(json));
    return findings.data?.map((one) => ({
      package: one.package.trim().replace(/:[a-z0-9]+$/, ''),
      cve: one.cve.trim().toUpperCase(),
      fixed: one.fixed.trim(),
    }));
  } catch {
    return undefined;
  }
}
