import { setImmediate } from 'node:timers/promises';

/** Parts of the program by what they take to load, the smaller before those that stand on them. */
const pieces: readonly (() => Promise<unknown>)[] = [
  () => import('./parts/publication.ts'),
  () => import('./parts/secondaries.ts'),
  () => import('./mail/agent/protocol.ts'),
  () => import('./parts/mail-servers.ts'),
  () => import('./certs/acme/client.ts'),
  () => import('./parts/certificates.ts'),
  () => import('./parts/people.ts'),
  () => import('./parts/figures.ts'),
  () => import('./parts/parts.ts'),
  () => import('./api/http-server.ts'),
  () => import('./api/new-routes.ts'),
  () => import('./api/domains/routes.ts'),
  () => import('./api/mailboxes/routes.ts'),
  () => import('./api/session/routes.ts'),
  () => import('./api/routes.ts'),
  () => import('./api/server.ts'),
];

/**
 * Loads the program of the control plane, which takes most of a second, in pieces: between two of them zones are read that clients of the
 * nameserver ask for.
 */
export async function loadControlPlane(): Promise<typeof import('./start.ts')> {
  for (const load of pieces) {
    await load();
    await setImmediate();
  }
  return import('./start.ts');
}
