import { isIP } from 'node:net';
import type { Clock } from '../../core/clock.ts';
import { AppError } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';
import { inSlices, type Steps } from '../../core/slices.ts';
import type { TlsTrust } from '../../dns/client/tls.ts';
import { type TransferResult, transferZone } from '../../dns/client/transfer.ts';
import { verifyZoneDigest } from '../../dns/dnssec/zone-digest.ts';
import { ownersOfRecords } from '../../dns/dnssec/zone-owners.ts';
import { fromWire } from '../../dns/rdata/registry.ts';
import { soa } from '../../dns/rdata/soa.ts';
import type { ResourceRecord } from '../../dns/rr.ts';
import { Type } from '../../dns/type-codes.ts';
import type { Name } from '../../dns/wire/name.ts';
import { parsing } from '../../dns/zonefile/parse.ts';
import type { Actor } from '../../work/actor.ts';
import { mayConnect, type OutboundRules } from './outbound.ts';
import type { ImportRequest, ServerSource, ServerTrust } from './request.ts';

/** More than any zone that a person brings along; while they are read and signed the box has time for little else. */
const MAX_RECORDS = 20_000;

/** Addresses of one host that are tried. */
const MAX_ADDRESSES = 4;
/** Milliseconds for all of a transfer, and without a message of it. */
const TRANSFER_TIME = { total: 60_000, idle: 10_000 };

/** A record with the line of the zone file that it came from. */
export interface SourceRecord extends ResourceRecord {
  line: number | undefined;
}

export interface SourceTools {
  clock: Clock;
  random: Random;
  /** The addresses of a host. Rejects when there are none. */
  resolve: (hostname: string) => Promise<string[]>;
  /** As they are at the moment of an import. */
  outbound: () => OutboundRules;
}

/** The records to import. @throws AppError invalid-zonefile or transfer-failed */
export async function readSource(
  { zone, from }: ImportRequest,
  { kind }: Pick<Actor, 'kind'>,
  ttl: number,
  tools: SourceTools,
): Promise<SourceRecord[]> {
  if (from.kind === 'zonefile') return inSlices(readZoneFile(zone, from.text, ttl), tools.clock);
  const records = await transfer(zone, await addressesOf(from.server, kind, tools), from, tools);
  await checkDigest(zone, records, from.server, tools);
  return records.map((record) => ({ ...record, line: undefined }));
}

function* readZoneFile(zone: Name, text: string, defaultTtl: number): Steps<SourceRecord[]> {
  const limits = { records: MAX_RECORDS };
  const result = yield* parsing(text, { origin: zone, defaultTtl, limits });
  if (result.ok) return result.records.map((record, index) => ({ ...record, line: result.lines[index] }));
  const errors = result.errors.map(({ line, column, message }) => ({
    path: 'from.text',
    message: `line ${line}, column ${column}: ${message}`,
  }));
  throw new AppError('invalid-zonefile', `In ${errors[0]!.message}`, { errors });
}

/** What the server at a name or an address is to be known by. */
export function trustOf(server: string, { name, pin, ca }: ServerTrust): TlsTrust {
  // A CA says nothing without a name.
  const isNamed = name !== undefined || pin === undefined || ca !== undefined;
  return { name: isNamed ? (name ?? server) : undefined, ca, pins: pin === undefined ? [] : [pin] };
}

/** Asks the addresses of the server one after the other. */
async function transfer(
  zone: Name,
  addresses: readonly string[],
  { server, port, tls }: ServerSource,
  tools: SourceTools,
): Promise<ResourceRecord[]> {
  let failure: Exclude<TransferResult, { kind: 'zone' }> | undefined;
  const until = tools.clock.monotonic() + TRANSFER_TIME.total;
  for (const address of addresses.slice(0, MAX_ADDRESSES)) {
    const total = until - tools.clock.monotonic();
    if (total <= 0) break;
    const limits = { records: MAX_RECORDS, idle: TRANSFER_TIME.idle, total };
    const trust = tls && trustOf(server, tls);
    const result = await transferZone({ server: { address, port, tls: trust }, zone, limits, ...tools });
    if (result.kind === 'zone') return result.records;
    failure = result;
  }
  throw new AppError('transfer-failed', advice(failure, server));
}

/**
 * Nothing is taken of a zone whose digest is wrong (RFC 8976 §4). A zone file may have been written in since it got one; what is transferred is
 * what was published.
 * @throws AppError transfer-failed
 */
async function checkDigest(
  zone: Name,
  records: readonly ResourceRecord[],
  server: string,
  { clock }: Pick<SourceTools, 'clock'>,
): Promise<void> {
  const fault = await digestFault(zone, records, clock);
  if (fault === undefined) return;
  throw new AppError(
    'transfer-failed',
    `What ${server} sends of ${zone.toText()} is not what was published: ${fault}. Try again, or import from another of its nameservers.`,
  );
}

/** Why a transferred zone, whose SOA comes first, is not what its digest says (RFC 8976 §4); undefined when it is, or has none. */
export async function digestFault(
  zone: Name,
  records: readonly ResourceRecord[],
  clock: Clock,
): Promise<string | undefined> {
  const apex = records.filter(({ owner }) => owner.equals(zone));
  const digests = apex.filter(({ type }) => type === Type.ZONEMD).map(({ rdata }) => rdata);
  if (digests.length === 0) return undefined;
  const { serial } = fromWire(soa, apex[0]!.rdata);
  const owners = await inSlices(ownersOfRecords(records), clock);
  const verdict = await inSlices(
    verifyZoneDigest(zone, serial, digests, () => owners),
    clock,
  );
  return verdict.kind === 'wrong' ? verdict.reason : undefined;
}

/** Names are resolved first, and it is the address that is judged and then connected to. Who is on the box may go anywhere. */
async function addressesOf(server: string, actor: Actor['kind'], tools: SourceTools): Promise<string[]> {
  const found = await lookUp(server, tools);
  const allowed = actor === 'local' ? found : found.filter(mayConnect(tools.outbound()));
  if (found.length > 0 && allowed.length === 0)
    throw new AppError(
      'forbidden',
      `${server} is this box itself or in a network that is not public; import from there with the signpost command on the box, or allow that network with --import-networks.`,
    );
  return allowed;
}

async function lookUp(server: string, { resolve }: SourceTools): Promise<string[]> {
  if (isIP(server) !== 0) return [server];
  try {
    return await resolve(server);
  } catch (error) {
    throw new AppError('transfer-failed', `The host ${server} is not found; check its name.`, {
      cause: error,
    });
  }
}

function advice(failure: Exclude<TransferResult, { kind: 'zone' }> | undefined, server: string): string {
  if (!failure) return `The host ${server} has no address; check its name.`;
  const { kind, message } = failure;
  switch (kind) {
    case 'refused':
    case 'notauth':
    case 'too-large':
    case 'failed':
      return `${message}.`;
    case 'timeout':
    case 'unreachable':
      return `${message}; check address and port, and that the server's firewall lets this box in over TCP.`;
    case 'untrusted':
      return `${message}; nothing was asked. Check the server, and the name, pin or CA that it is known by.`;
    case 'malformed':
    case 'aborted':
      return `${message}; try again, or import a zone file.`;
  }
}
