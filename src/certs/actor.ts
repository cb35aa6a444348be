import type { Actor } from '../work/actor.ts';

/** Who it was that changed something about a certificate, when nobody asked for it. */
export const system: Actor = { kind: 'system', id: 'certificates', name: 'certificates', address: undefined };
