/** Numbers from repeated measuring. Medians, since others may use the machine at the same time. */

export interface Summary {
  readonly median: number;
  readonly p95: number;
  readonly n: number;
}

const round = (value: number) => Number(value.toPrecision(4));

/** The value below which `share` of all lie, by nearest rank. */
function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(Math.ceil(sorted.length * share) - 1, 0)] ?? Number.NaN;
}

export function summarise(values: readonly number[]): Summary {
  const sorted = values.toSorted((a, b) => a - b);
  return { median: round(percentile(sorted, 0.5)), p95: round(percentile(sorted, 0.95)), n: values.length };
}

export const ratio = (ours: Summary, bare: Summary): number => round(ours.median / bare.median);

/** Milliseconds that `work` takes. */
export async function time(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
