/** Capability sets in words. */
export { capabilityNames } from '../../policy/capabilities.ts';
