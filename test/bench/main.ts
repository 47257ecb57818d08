/** `npm run bench [name …]`: measures one after the other, prints one JSON object, leaves nothing behind. */
import { clear } from './bench.ts';
import { echo } from './echo.ts';
import { grade } from './grade.ts';
import { sandboxMemory, terminalMemory } from './memory.ts';
import { prompt } from './prompt.ts';
import { type Measurement, machine, progress } from './report.ts';
import { sandboxStart } from './sandbox-start.ts';

const benches: Record<string, () => Promise<Measurement[]>> = {
  sandboxStart,
  prompt,
  echo,
  grade,
  sandboxMemory,
  terminalMemory,
};

const unknown = process.argv.slice(2).filter((name) => !(name in benches));
if (unknown.length > 0) {
  console.error(`toride: bench: expected names of ${Object.keys(benches).join(', ')}; found ${unknown.join(', ')}`);
  process.exit(2);
}
const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(benches);

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    progress(`${signal}: clearing`);
    // Servers end with their parent's channel.
    clear().finally(() => process.exit(130));
  });
}

await clear();
const report = { machine: machine(), when: new Date().toISOString(), measurements: [] as Measurement[] };
try {
  for (const name of names) {
    progress(name);
    const began = performance.now();
    report.measurements.push(...(await benches[name]!()));
    progress(`  ${((performance.now() - began) / 1000).toFixed(1)} s`);
  }
} finally {
  await clear();
}
console.log(JSON.stringify(report, null, 2));
