import { fromWire } from '../../src/dns/rdata/registry.ts';
import { dnskey } from '../../src/dns/rdata/dnskey.ts';
import { rrsig } from '../../src/dns/rdata/rrsig.ts';
import { keyTag } from '../../src/dns/dnssec/keys.ts';
import { secondsUntil, verifySignature } from '../../src/dns/dnssec/verify.ts';
import { Type } from '../../src/dns/type-codes.ts';
import type { ZoneNode, ZoneView } from '../../src/dns/zone/node.ts';

/** What of a version a validator would call bogus at `now` (seconds since the epoch): every signature is checked, and what has none is named. */
export function bogus(view: ZoneView, now: number): string[] {
  const apex = view.node(view.origin)!;
  const rdatas = apex.rrsets.find(({ type }) => type === Type.DNSKEY)?.rdatas ?? [];
  const keys = new Map(rdatas.map((rdata) => [keyTag(rdata), fromWire(dnskey, rdata)]));
  const wrong: string[] = [];
  for (const node of nodesOf(view))
    for (const rrset of node.rrsets) {
      const place = `${node.owner.toText()}/${rrset.type}`;
      if (rrset.signatures.length === 0) wrong.push(`${place}: unsigned`);
      for (const rdata of rrset.signatures) {
        const signature = fromWire(rrsig, rdata);
        const key = keys.get(signature.keyTag);
        const verdict = key ? verifySignature(rrset, signature, key, now) : { reason: 'other-key' };
        if (verdict !== 'valid') wrong.push(`${place}: ${verdict.reason}`);
      }
    }
  return wrong;
}

/** Seconds that the signature with the least left has: what costs little for many zones. */
export function leastLeft(view: ZoneView, now: number): number {
  let least = Infinity;
  for (const { rrsets } of nodesOf(view))
    for (const { signatures } of rrsets)
      for (const rdata of signatures) {
        // RRSIG rdata holds its expiration at octet 8 (RFC 4034 §3.1).
        const expiration = Buffer.from(rdata.buffer, rdata.byteOffset).readUInt32BE(8);
        least = Math.min(least, secondsUntil(expiration, now));
      }
  return least;
}

function* nodesOf(view: ZoneView): Iterable<ZoneNode> {
  yield* view.nodes();
  yield* view.nsec3Nodes();
}
