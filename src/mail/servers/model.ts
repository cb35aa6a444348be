import { createPrivateKey } from 'node:crypto';
import { resolve } from 'node:path';
import type { Clock } from '../../core/clock.ts';
import type { Sealer } from '../../core/seal.ts';
import { inSlices, type Steps } from '../../core/slices.ts';
import type { Snapshot } from '../../work/rows.ts';
import { zoneRows } from '../../zones/store.ts';
import { dkimRows, keyContext } from '../dkim/store.ts';
import { type DkimSigner, type MailModel, MESSAGE_SIZE_LIMIT } from '../drivers/model.ts';

export interface ModelSources {
  committed: Snapshot;
  sealer: Sealer;
  /** What serves for a host name, in PEM. */
  certificate: (host: string) => { chain: string; privateKey: string };
  /** The data folder. */
  data: string;
  /** What Rspamd shows Redis. */
  redisPassword: () => string;
  clock: Clock;
}

/** Keys that are read at once. */
const PAGE = 200;

/** What mail servers are to be now; undefined while the box has no name. */
export async function mailModelOf(sources: ModelSources): Promise<MailModel | undefined> {
  const { committed, certificate, data, clock } = sources;
  const box = committed.rows(zoneRows).box();
  if (!box) return undefined;
  const hostname = box.hostname.canonical().toText();
  const { chain, privateKey } = certificate(hostname);
  return {
    hostname,
    directory: resolve(data, 'mail', 'directory.sqlite'),
    certificate: { chain: normalPem(chain), key: normalPem(privateKey) },
    dkim: await inSlices(signers(sources), clock),
    settings: {
      messageSizeLimit: MESSAGE_SIZE_LIMIT,
      greylisting: false,
      redisPassword: sources.redisPassword(),
    },
  };
}

const normalPem = (text: string): string => `${text.trim().replaceAll('\r', '')}\n`;

/** The active keys of domains with mail. A key that cannot be opened signs nothing; the other algorithm may. */
function* signers({ committed, sealer }: ModelSources): Steps<DkimSigner[]> {
  const [keys, zones] = [committed.rows(dkimRows), committed.rows(zoneRows)];
  const found = new Map<string, DkimSigner>();
  for (let after = 0; ;) {
    const page = keys.activeKeys({ after, limit: PAGE });
    for (const { id, domain, selector, algorithm, sealedPrivateKey } of page) {
      after = id;
      if (zones.domain(domain)?.mail !== true) continue;
      const name = domain.canonical().toText();
      try {
        const key = Buffer.from(sealer.open(sealedPrivateKey, keyContext(domain, selector)));
        const pem = createPrivateKey({ key, format: 'der', type: 'pkcs8' }).export({
          format: 'pem',
          type: 'pkcs8',
        });
        // The newest of an algorithm wins.
        found.set(`${name} ${algorithm}`, { domain: name, selector, algorithm, privateKey: pem });
      } catch {
        continue;
      }
      yield undefined;
    }
    if (page.length < PAGE) return [...found.values()];
  }
}
