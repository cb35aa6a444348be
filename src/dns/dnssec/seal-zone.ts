import { inSlices } from '../../core/slices.ts';
import type { Clock } from '../../core/clock.ts';
import { toWire } from '../rdata/registry.ts';
import { zonemd } from '../rdata/zonemd.ts';
import type { RRset } from '../rr.ts';
import { Type } from '../type-codes.ts';
import type { NodeChange, ZoneView } from '../zone/node.ts';
import { signer } from './algorithms.ts';
import type { ContentChange } from './draft.ts';
import type { SignOptions } from './policy.ts';
import { rrsetSigner } from './rrset-signer.ts';
import { SHA384, SIMPLE, zoneDigest } from './zone-digest.ts';
import { ownersOf } from './zone-owners.ts';

/** RFC 8976 §3.1: with it in the zone, bitmaps name the type before there is a digest. */
const PLACEHOLDER = new Uint8Array(48);

/** The changes with the ZONEMD that the apex among them is going to have. */
export function withDigestPlaceholder(
  changes: readonly ContentChange[],
  { origin }: Pick<SignOptions, 'origin'>,
): readonly ContentChange[] {
  const at = changes.findIndex(({ owner }) => owner.equals(origin));
  const soa = changes[at]?.rrsets.find(({ type }) => type === Type.SOA);
  if (!soa) throw new Error(`a digest needs the SOA of ${origin.toString()} among the changes`);
  const { owner, rrsets } = changes[at]!;
  return changes.with(at, { owner, rrsets: [...rrsets, digestRRset(soa, PLACEHOLDER)] });
}

/** The TTL is that of the SOA (RFC 8976 §2), and so is the serial. */
function digestRRset({ owner, ttl, rdatas }: RRset, digest: Uint8Array): RRset {
  const [soa] = rdatas;
  const serial = Buffer.from(soa!.buffer, soa!.byteOffset, soa!.length).readUInt32BE(soa!.length - 20);
  const rdata = toWire(zonemd, { serial, scheme: SIMPLE, hashAlgorithm: SHA384, digest });
  return { owner, type: Type.ZONEMD, ttl, rdatas: [rdata] };
}

/** What sealing a zone added. */
export interface Seal {
  signatures: number;
  /** Seconds since the epoch; undefined in an unsigned zone. */
  earliestExpiration: number | undefined;
}

/**
 * Puts the digest in the place of its placeholder, and signs it (RFC 8976 §3.3, §3.4). All other signatures are there.
 * @param changes of `view`, changed in place: the apex among them
 */
export async function sealZone(
  view: ZoneView | undefined,
  changes: readonly NodeChange[],
  options: SignOptions,
  clock: Pick<Clock, 'monotonic'>,
): Promise<Seal> {
  const { origin } = options;
  const { rrsets } = changes.find(({ kind, owner }) => kind === 'name' && owner.equals(origin))!.node!;
  const at = rrsets.findIndex(({ type }) => type === Type.ZONEMD);
  const soa = rrsets.find(({ type }) => type === Type.SOA)!;
  const owners = await inSlices(ownersOf(view, changes), clock);
  const digest = await inSlices(zoneDigest(origin, owners), clock);
  let signatures = 0;
  const rrsetOf = rrsetSigner(options, ({ key, data, prefix, signatures: list, index }) => {
    const signature = signer(key.algorithm, key.privateKey)(data);
    list[index] = Buffer.concat([data.subarray(0, prefix), signature]);
    signatures++;
  });
  rrsets[at] = rrsetOf.sign(digestRRset(soa, digest), undefined);
  return { signatures, earliestExpiration: rrsetOf.earliestExpiration() };
}
