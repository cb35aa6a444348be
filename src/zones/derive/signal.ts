import { Type } from '../../dns/type-codes.ts';
import type { Name } from '../../dns/wire/name.ts';
import { nameservers } from '../box-names.ts';
import type { Box } from '../model.ts';
import { joined, type ZoneRule } from './rule.ts';

/**
 * `_dsboot.D._signal.NS` for each nameserver whose name lives in `holder`, the zone of H. A nameserver inside D itself is left
 * out: its own zone is not secure yet, so it can vouch for nothing (RFC 9615 §4.1).
 */
export function signalOwners(box: Box, holder: Name, zone: Name): Name[] {
  return nameservers(box)
    .filter((server) => server.isAtOrBelow(holder) && !server.isAtOrBelow(zone))
    .flatMap((server) => {
      const signal = joined('_signal', server);
      const front = joined('_dsboot', zone);
      return (signal && front && joined(front, signal)) ?? [];
    });
}

export const signal: ZoneRule = {
  id: 'signal',
  rfc: 'RFC 9615',
  level: 'optional',
  why: 'Lets the registry switch on DNSSEC for a new domain by itself, because a zone that is secure already vouches for it.',
  derive: ({ box, zone, holdsHostname, signalledZones }) =>
    holdsHostname
      ? signalledZones.flatMap((child) =>
          signalOwners(box, zone.name, child.zone).flatMap((owner) => [
            ...child.cds.map((rdata) => ({ owner, type: Type.CDS, rdata })),
            ...child.cdnskey.map((rdata) => ({ owner, type: Type.CDNSKEY, rdata })),
          ]),
        )
      : [],
};
