/** A real engine of the test instance. */
import { pino } from 'pino';
import { type SandboxOptions, sandboxOptions } from '../../src/sandbox/options.ts';
import { PodmanEngine } from '../../src/sandbox/podman/engine.ts';
import { sandboxImage } from '../../src/setup/images.ts';
import { delegatesCgroups } from '../../src/setup/limits.ts';
import { instancePaths } from '../../src/setup/paths.ts';
import { loadSettings } from '../../src/setup/settings.ts';

const settings = loadSettings();
export const silent = pino({ level: process.env.TORIDE_TEST_LOG ?? 'silent' });

let engines = 0;

export const openEngine = (): Promise<PodmanEngine> =>
  PodmanEngine.open({
    state: settings.state,
    instance: settings.instance,
    // Each its own: the one that closes takes its socket away.
    socket: instancePaths(settings.state, `${settings.instance}-${engines++}`).socket,
    log: silent,
  });

export const options = (): SandboxOptions => sandboxOptions(settings, sandboxImage(), delegatesCgroups());
