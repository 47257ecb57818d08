/** `npm run bench [name …]`: measures one after the other, prints one JSON object, leaves nothing behind. */
import { clear } from './bench.ts';
import { closeAll } from './closing.ts';
import { echo } from './echo.ts';
import { grade } from './grade.ts';
import { live } from './live.ts';
import { sandboxMemory, terminalMemory } from './memory.ts';
import { prompt } from './prompt.ts';
import { type Measurement, machine, progress } from './report.ts';
import { sandboxStart } from './sandbox-start.ts';
import { workshop } from './workshop.ts';

const benches: Record<string, () => Promise<Measurement[]>> = {
  sandboxStart,
  prompt,
  echo,
  grade,
  live,
  sandboxMemory,
  terminalMemory,
  workshop,
};
/** Takes minutes and the whole machine: only when asked for. */
const LONG = ['workshop'];

async function measure(names: readonly string[]) {
  const report = { machine: machine(), when: new Date().toISOString(), measurements: [] as Measurement[] };
  for (const name of names) {
    progress(name);
    const began = performance.now();
    report.measurements.push(...(await benches[name]!()));
    progress(`  ${((performance.now() - began) / 1000).toFixed(1)} s`);
  }
  return report;
}

async function main(asked: readonly string[]): Promise<number> {
  const unknown = asked.filter((name) => !(name in benches));
  if (unknown.length > 0) {
    console.error(`toride: bench: expected names of ${Object.keys(benches).join(', ')}; found ${unknown.join(', ')}`);
    return 2;
  }
  const interrupted = new Promise<undefined>((resolve) => {
    // A second one must not cut the clearing short.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve(undefined));
  });
  await clear();
  try {
    const measuring = measure(asked.length > 0 ? asked : Object.keys(benches).filter((name) => !LONG.includes(name)));
    const report = await Promise.race([measuring, interrupted]);
    if (report) console.log(JSON.stringify(report, null, 2));
    else {
      // What is closed under it fails, as it must; playwright even throws where nobody can catch.
      measuring.catch(() => undefined);
      process.on('uncaughtException', () => undefined);
    }
    return report ? 0 : 130;
  } finally {
    await closeAll();
    await clear();
  }
}

// Not by itself: an interrupted measurement still waits for something.
main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
