import { createAcmeClient } from '../certs/acme/client.ts';
import { createTransport } from '../certs/acme/transport.ts';
import { createSecondaries } from '../certs/challenges/secondaries.ts';
import { createSecondaryTroubles } from '../certs/challenges/secondary-troubles.ts';
import { createHooks, type HookOptions } from '../certs/hooks/hooks.ts';
import { createCertificates } from '../certs/service.ts';
import { Name } from '../dns/wire/name.ts';
import { shownKeys } from '../mail/servers/shown-keys.ts';
import type { Store } from '../zones/store.ts';
import { zoneOf } from '../zones/topology.ts';
import type { PartOptions } from './options.ts';
import type { Publication } from './publication.ts';
import type { SecondaryParts } from './secondaries.ts';

export interface CertificateLinks
  extends Pick<Publication, 'publisher' | 'stale'>, Pick<SecondaryParts, 'addressesOfSecondary'> {
  onHookRun: HookOptions['onRun'];
}

/** Certificates, the secondaries that must show what the CA asks for, and the operator's programs that run after them. */
export function connectCertificates(options: PartOptions, store: Store, links: CertificateLinks) {
  const { events, clock, random, log } = options;
  const { publisher, stale, addressesOfSecondary, onHookRun } = links;
  const troubles = createSecondaryTroubles({
    isSecondary: (name) => store.read.box()?.secondaries.some((one) => one.equals(name)) ?? false,
    events,
    clock,
    log,
  });
  const hooks = createHooks({
    ...options,
    ...options.hooks,
    uid: process.getuid?.() ?? 0,
    onRun: onHookRun,
  });
  const certificates = createCertificates({
    ...options,
    hooks,
    publisher,
    stale,
    secondaries: createSecondaries({
      box: () => store.read.box(),
      resolve: (host) => addressesOfSecondary(Name.parse(host)),
      zoneOf: (name) => {
        const zone = zoneOf(store.read, name);
        return zone && store.read.zone(zone);
      },
      troubles,
      clock,
      random,
      log,
    }),
    shownKeys: (hostname) => shownKeys(hostname, clock),
    settings: options.acme,
    client: acmeClient(options),
  });
  return { troubles, hooks, certificates };
}

function acmeClient({ acme, version, clock }: PartOptions) {
  const { directory, caBundle } = acme;
  if (directory === undefined) return undefined;
  const transport = createTransport({ roots: caBundle, userAgent: `signpost/${version}`, clock });
  return createAcmeClient({ directory, transport, clock });
}
