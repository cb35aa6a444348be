import type { Log } from '../../core/log.ts';
import type { Sealer } from '../../core/seal.ts';
import type { ResourceRecord } from '../../dns/rr.ts';
import { Type } from '../../dns/type-codes.ts';
import type { Name } from '../../dns/wire/name.ts';
import type { ZoneView } from '../../dns/zone/node.ts';
import type { NotifyTarget } from './notify.ts';
import type { SecondaryReads } from './store.ts';
import { openTsigKey } from './tsig-keys.ts';

/** Whom changes are told: every secondary whose addresses are known, with its key. One whose key cannot be opened is told nothing. */
export function notifyTargets(
  reads: SecondaryReads,
  sealer: Sealer,
  log: Log,
  isCatalog: (zone: Name) => boolean,
): NotifyTarget[] {
  return reads.secondaries().flatMap(({ addresses, port, tsigKey, catalog }): NotifyTarget[] => {
    const row = tsigKey && reads.key(tsigKey);
    try {
      const key = row && openTsigKey(sealer, row);
      const zones = row && row.transfer !== 'all' ? new Set(row.transfer.map((zone) => zone.key)) : undefined;
      const takes: NotifyTarget['takes'] = (zone) =>
        isCatalog(zone) ? catalog : (zones?.has(zone.key) ?? true);
      return addresses.map((address) => ({ server: { address, port }, key, takes }));
    } catch (error) {
      log.error(
        { err: error, key: tsigKey?.toText() },
        'a TSIG key cannot be opened: no NOTIFY is sent with it',
      );
      return [];
    }
  });
}

/** The SOA of a version. */
export function soaOf(view: ZoneView | undefined): ResourceRecord | undefined {
  const rrset = view?.node(view.origin)?.rrsets.find(({ type }) => type === Type.SOA);
  const rdata = rrset?.rdatas[0];
  return rdata && { owner: rrset.owner, type: rrset.type, ttl: rrset.ttl, rdata };
}
