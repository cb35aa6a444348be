import type { HookFiles } from '../certs/hooks/files.ts';
import type { InstalledCertificates } from '../certs/installed/store.ts';
import type { AcmeSettings } from '../certs/model.ts';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { Network } from '../core/network.ts';
import type { Random } from '../core/random.ts';
import type { Sealer } from '../core/seal.ts';
import type { Nameserver } from '../dns/client/root-hints.ts';
import type { DataPlane } from '../dns/server/data-plane.ts';
import type { Storage } from '../storage.ts';
import type { EventHub } from '../work/events.ts';
import type { UnitOfWork } from '../work/unit-of-work.ts';
import type { ServedImages } from '../zones/publisher/served-images.ts';

/** What is there before the parts of the control plane are connected. */
export interface PartOptions {
  work: UnitOfWork;
  events: EventHub;
  sealer: Sealer;
  /** Says in /health why nothing can be changed, and what damage there is. */
  storage: Pick<
    Storage,
    'problem' | 'damage' | 'copies' | 'remakeNodes' | 'keysInCopies' | 'mailDirectory' | 'sent'
  >;
  images: ServedImages;
  plane: DataPlane;
  /** What is bound, for /health. */
  dns: string[];
  version: string;
  /** Where delegation checks start; undefined: the root servers of the internet. */
  roots: readonly Nameserver[] | undefined;
  /** Where certificates come from, and where they go. */
  acme: AcmeSettings;
  installed: InstalledCertificates;
  /** Where the operator's programs are, and where they find certificates. */
  hooks: { folder: string; env: Readonly<Record<string, string>>; files: HookFiles };
  /** Networks to import from although they are not public. */
  importNetworks: readonly Network[] | undefined;
  /** The data folder. */
  data: string;
  /** Socket of the agent that configures the mail servers. */
  mailAgent: string | undefined;
  /** Where webmail reaches the API; undefined: there is to be no webmail, and no web sites. */
  webApi: string | undefined;
  clock: Clock;
  random: Random;
  log: Log;
}
