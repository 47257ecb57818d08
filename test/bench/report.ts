/** What is printed. */
import { execFileSync } from 'node:child_process';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { podmanEnvironment } from '../../src/setup/podman.ts';
import { stateFolder } from '../../src/setup/settings.ts';
import { ratio, type Summary } from './statistics.ts';

export interface Measurement {
  readonly name: string;
  readonly unit: 'ms' | 'MB';
  readonly toride: Summary;
  readonly baseline: Summary & { readonly name: string };
  readonly ratio: number;
  readonly target?: { readonly limit: number; readonly met: boolean };
  /** What the figure is made of, in the same unit; need not add up. */
  readonly parts?: Readonly<Record<string, Summary>>;
}

interface Given {
  readonly name: string;
  readonly unit: Measurement['unit'];
  readonly toride: Summary;
  readonly baseline: Measurement['baseline'];
  /** For the median, in the unit. */
  readonly limit?: number;
  readonly parts?: Readonly<Record<string, Summary>>;
}

export function measurement({ name, unit, toride, baseline, limit, parts }: Given): Measurement {
  return {
    name,
    unit,
    toride,
    baseline,
    ratio: ratio(toride, baseline),
    ...(limit !== undefined && { target: { limit, met: toride.median <= limit } }),
    ...(parts && { parts }),
  };
}

/** crun wants a folder for its state even to say its version. */
const version = (command: string) =>
  execFileSync(command, ['--version'], { encoding: 'utf8', env: podmanEnvironment(stateFolder()) }).split('\n')[0]!;

export const machine = () => ({
  cpus: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
  memory: `${Math.round(totalmem() / 1024 ** 2)} MiB`,
  kernel: release(),
  node: process.version,
  podman: version('podman'),
  crun: version('crun'),
  /** Before anything is measured: what else the machine is doing. */
  loadAverage: loadavg().map((value) => Number(value.toFixed(2))),
});

export function progress(text: string): void {
  process.stderr.write(`▸ ${text}\n`);
}
