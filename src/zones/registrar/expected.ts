import { getDomain } from 'tldts';
import { printRdata } from '../../dns/rdata/registry.ts';
import { Type } from '../../dns/type-codes.ts';
import { Name } from '../../dns/wire/name.ts';
import { nameservers, ns1, ns2 } from '../box-names.ts';
import { resolveCustom } from '../custom/resolve.ts';
import { nameserverAddresses } from '../derive/host.ts';
import { dnskeyView, dsViews, isSecureEntryPoint } from '../keys/ds.ts';
import type { Box, CustomRecord } from '../model.ts';
import type { ZoneKeyRow } from '../store.ts';
import type { ExpectedDelegation, Server } from './delegation.ts';

export interface ExpectedInput {
  box: Box;
  zone: Name;
  keys: readonly ZoneKeyRow[];
  /** The person's records at an owner: they may give a secondary in the zone its addresses. */
  customAt: (owner: Name) => readonly CustomRecord[];
}

/** What to set at the registrar of a zone. */
export function expectedDelegation({ box, zone, keys, customAt }: ExpectedInput): ExpectedDelegation {
  const entry = keys.filter((key) => key.state === 'active' && isSecureEntryPoint(key));
  const servers = nameservers(box);
  const glue = servers.map((name) => ({ name, addresses: addressesOf(name, box, customAt) }));
  return {
    zone,
    nameservers: servers,
    formerNameservers: (box.formerHostnames ?? [])
      .flatMap((former) => [ns1(former), ns2(former)])
      .filter((name) => !servers.some((server) => server.equals(name))),
    glue: glue.filter(({ addresses }) => addresses.length > 0),
    hostDomain: hostDomain(box),
    ds: entry.flatMap((key) => dsViews(zone, key)),
    dnskey: entry.map(dnskeyView),
  };
}

/** Whether the parent must have the nameserver's addresses for the zone to be found at all. */
export function needsGlue(zone: Name, server: Name): boolean {
  return server.isAtOrBelow(zone);
}

function addressesOf(name: Name, box: Box, customAt: ExpectedInput['customAt']): Server['addresses'] {
  const own = nameserverAddresses(box).filter(({ owner }) => owner.equals(name));
  if (own.length > 0) return own.map(({ type, rdata }) => printRdata(type, rdata));
  return customAt(name)
    .filter(({ type }) => type === Type.A || type === Type.AAAA)
    .flatMap((record) => resolveCustom(record, box).map((rdata) => printRdata(record.type, rdata)));
}

/** At whose registrar ns1.H and ns2.H become host records. */
function hostDomain({ hostname }: Box): Name {
  const registrable = getDomain(hostname.toText(), { allowPrivateDomains: true });
  return registrable === null ? hostname : Name.parse(registrable);
}
