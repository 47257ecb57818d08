#!/usr/bin/env node
// First thing to run, on whatever Node the system has: installs the locked dependencies, Node 24 among them, and hands
// over to it. Plain JavaScript, since nothing that reads TypeScript may be there yet.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const stamp = join(root, 'node_modules', '.toride-lock');
const node = join(root, 'node_modules', '.bin', 'node');
const main = join(root, 'src', 'cli', 'main.ts');

/** node-pty is compiled at installation; everything else is ready-made. */
const buildTools = { 'g++': 'g++', make: 'make', python3: 'python3' };

function fail(message) {
  console.error(`toride: ${message}`);
  process.exit(1);
}

function run(command, args, env = process.env) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env });
  if (error) fail(`${command} could not be started: ${error.message}`);
  if (status !== 0) fail(`'${command} ${args.join(' ')}' ended with ${status}; its message stands above`);
}

function ensureBuildTools() {
  const found = (command) => (process.env.PATH ?? '').split(':').some((folder) => existsSync(join(folder, command)));
  const missing = Object.keys(buildTools).filter((command) => !found(command));
  if (missing.length === 0) return;
  const packages = missing.map((command) => buildTools[command]);
  const install = ['apt-get', 'install', '-y', '--no-install-recommends', ...packages];
  if (process.getuid() !== 0 && !found('sudo')) {
    fail(`missing ${missing.join(', ')}. Ask an administrator to run, then start again:\n  ${install.join(' ')}`);
  }
  const prefix = process.getuid() === 0 ? [] : ['sudo'];
  for (const command of [['apt-get', 'update'], install]) run(...split([...prefix, ...command]));
}

const split = ([command, ...args]) => [command, args];

function ensureDependencies() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && existsSync(node) && readFileSync(stamp, 'utf8') === lock) return;
  console.log('▸ npm dependencies (first time: about half a minute)');
  ensureBuildTools();
  const env = { ...process.env };
  // Node's headers from the distribution, where they are: node-gyp would fetch them from the internet.
  if (existsSync('/usr/include/node/node_api.h')) env.npm_config_nodedir ??= '/usr';
  run('npm', ['ci', '--no-fund', '--no-audit', '--loglevel=error'], env);
  writeFileSync(stamp, lock);
}

ensureDependencies();
const child = spawn(node, ['--disable-warning=ExperimentalWarning', main, ...process.argv.slice(2)], {
  stdio: 'inherit',
});
// The terminal sends Ctrl-C to the whole group; what matters is that this process outlives the one that cleans up.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => signal !== 'SIGINT' && child.kill(signal));
}
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 128 : 1)));
