import type { Clock } from '../../core/clock.ts';
import type { Random } from '../../core/random.ts';
import { query } from '../../dns/client/query.ts';
import { fromWire } from '../../dns/rdata/registry.ts';
import { soa } from '../../dns/rdata/soa.ts';
import { Type } from '../../dns/type-codes.ts';
import type { Name } from '../../dns/wire/name.ts';
import type { ZoneView } from '../../dns/zone/node.ts';
import { joinedText } from '../../zones/text.ts';

/** A record that the world is to see. */
export interface ExpectedText {
  owner: Name;
  rdata: Uint8Array;
}

/** Asks all other nameservers of the zones. @returns a sentence about one that does not have the records; undefined: all have */
export type FindLacking = (
  records: readonly ExpectedText[],
  signal?: AbortSignal,
) => Promise<string | undefined>;

export interface NameserverOptions {
  /** Nameservers of others that our zones have NS records for. */
  published: () => readonly Name[];
  /** Where one of them is. */
  placesOf: (name: Name) => Promise<readonly { address: string; port: number }[]>;
  clock: Clock;
  random: Random;
}

/** Milliseconds for which one that does not answer is not asked again: it would keep every domain waiting for its time-out. */
const SILENCE = 60_000;

export function createFindLacking({ published, placesOf, clock, random }: NameserverOptions): FindLacking {
  const silentUntil = new Map<string, number>();

  async function lackingAt(
    name: Name,
    server: { address: string; port: number },
    records: readonly ExpectedText[],
    signal: AbortSignal | undefined,
  ): Promise<string | undefined> {
    const who = `The secondary ${name.toText()} (${server.address})`;
    const key = `${server.address} ${server.port}`;
    if ((silentUntil.get(key) ?? 0) > clock.now()) return `${who} does not answer.`;
    silentUntil.delete(key);
    for (const { owner, rdata } of records) {
      const result = await query({ server, name: owner, type: Type.TXT, clock, random, signal });
      if (result.kind !== 'answer') {
        silentUntil.set(key, clock.now() + SILENCE);
        return `${who} does not answer.`;
      }
      const { answers, flags } = result.message;
      const has = answers.some(
        (record) =>
          record.type === Type.TXT && record.owner.equals(owner) && Buffer.compare(record.rdata, rdata) === 0,
      );
      if (!flags.aa || !has) return `${who} does not have the record ${owner.toText()} yet.`;
    }
    return undefined;
  }

  async function lackingOf(
    name: Name,
    records: readonly ExpectedText[],
    signal: AbortSignal | undefined,
  ): Promise<string[]> {
    const places = await placesOf(name).catch(() => []);
    if (places.length === 0) return [`The secondary ${name.toText()} has no address.`];
    const lacking = await Promise.all(places.map((place) => lackingAt(name, place, records, signal)));
    return lacking.filter((sentence) => sentence !== undefined);
  }

  return async (records, signal) => {
    const lacking = await Promise.all(published().map((name) => lackingOf(name, records, signal)));
    return lacking.flat()[0];
  };
}

/** The TXT record with this text that a version of a zone has. */
export function servedText(view: ZoneView | undefined, owner: Name, text: string): ExpectedText | undefined {
  const rrset = view?.node(owner)?.rrsets.find(({ type }) => type === Type.TXT);
  const rdata = rrset?.rdatas.find((one) => joinedText(one) === text);
  return rdata && { owner, rdata };
}

/**
 * Milliseconds for which a resolver may say that there is nothing, as it was when it asked: the lesser of the SOA's TTL and its last field
 * (RFC 2308 §5), which NSEC and NSEC3 have, too (RFC 9077 §3).
 */
export function negativeTtl(view: ZoneView): number {
  const rrset = view.node(view.origin)?.rrsets.find(({ type }) => type === Type.SOA);
  const rdata = rrset?.rdatas[0];
  return rdata ? Math.min(rrset.ttl, fromWire(soa, rdata).minimum) * 1000 : 0;
}
