import { openEngine, options } from '../helpers/engine.ts';
import { engineConformance } from './engine-conformance.ts';

engineConformance('podman', openEngine, options);
