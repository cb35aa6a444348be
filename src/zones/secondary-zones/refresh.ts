import type { Clock } from '../../core/clock.ts';
import type { Random } from '../../core/random.ts';
import { inSlices } from '../../core/slices.ts';
import {
  transferUpdate,
  type TransferOptions,
  transferZone,
  type UpdateResult,
} from '../../dns/client/transfer.ts';
import { serialOf } from '../../dns/client/transfer-whole.ts';
import { DNS_PORT, serverText } from '../../dns/client/exchange.ts';
import { DNS_TLS_PORT } from '../../dns/client/tls.ts';
import type { TsigKey } from '../../dns/message/tsig.ts';
import type { ResourceRecord } from '../../dns/rr.ts';
import type { Name } from '../../dns/wire/name.ts';
import { isLaterSerial } from '../../dns/wire/serial.ts';
import type { StoredNode } from '../../dns/zone/node-codec.ts';
import { digestFault, trustOf } from '../import/source.ts';
import { applyDifferences } from './apply.ts';
import { BadZone, versionNodes } from './nodes.ts';
import type { Primary } from './store.ts';

/** With signatures and proofs a zone has some times the records that a person wrote. */
export const MOST_RECORDS = 100_000;
/** Milliseconds without a message, and for all of a transfer; octets of all messages. */
const LIMITS = { records: MOST_RECORDS, octets: 32 << 20, idle: 10_000, total: 120_000 };

/** A version as a primary sent it, whole and looked through. */
export interface Version {
  records: readonly ResourceRecord[];
  nodes: readonly StoredNode[];
}

export type RefreshOutcome =
  | { kind: 'new'; version: Version; primary: Primary }
  /** Nothing is later. `behind`: the serial of a primary that has an earlier version than is here. */
  | { kind: 'current'; primary: Primary; behind?: number | undefined }
  /** A sentence about each. */
  | { kind: 'failed'; problems: string[] };

export interface RefreshTools {
  /** @throws Error when there is no such key, or it cannot be opened */
  key: (name: Name) => TsigKey;
  clock: Clock;
  random: Random;
  signal: AbortSignal;
}

export interface RefreshRequest {
  zone: Name;
  /** In the order in which they are asked. */
  primaries: readonly Primary[];
  /** The SOA of the version that is here, if there is one. */
  since: ResourceRecord | undefined;
  /** Its records; undefined when they cannot be read. */
  records: () => Promise<readonly ResourceRecord[] | undefined>;
}

/**
 * Asks the primaries one after the other for what is later than what is here, until one has it or says that there is nothing. One that does not
 * answer, refuses, or sends what is no such zone is passed over. Never rejects.
 */
export async function refreshZone(request: RefreshRequest, tools: RefreshTools): Promise<RefreshOutcome> {
  const problems: string[] = [];
  let earlier: RefreshOutcome | undefined;
  for (const primary of request.primaries) {
    const found = await askPrimary(request, primary, tools);
    switch (found.kind) {
      case 'version':
        return { kind: 'new', version: found.version, primary };
      case 'current': {
        const { since } = request;
        if (!since || !isLaterSerial(serialOf(since), found.serial)) return { kind: 'current', primary };
        // Another one may be further.
        earlier ??= { kind: 'current', primary, behind: found.serial };
        break;
      }
      case 'problem':
        problems.push(found.problem);
    }
  }
  return earlier ?? { kind: 'failed', problems };
}

type Found =
  | { kind: 'version'; version: Version }
  | { kind: 'current'; serial: number }
  | { kind: 'problem'; problem: string };

async function askPrimary(request: RefreshRequest, primary: Primary, tools: RefreshTools): Promise<Found> {
  const { zone, since } = request;
  try {
    const options = optionsFor(zone, primary, tools);
    if (!since) return await take(request, primary, await transferZone(options), tools);
    const update = await transferUpdate({ ...options, since });
    const found = await take(request, primary, update, tools);
    // RFC 1995 §4: who cannot have the differences takes the whole zone.
    const isLeft = update.kind === 'differences' ? found.kind === 'problem' : isRefusal(update);
    if (!isLeft) return found;
    return await take(request, primary, await transferUpdate({ ...options, since, whole: true }), tools);
  } catch (error) {
    return problem(`${primary.address}: ${(error as Error).message}`);
  }
}

function optionsFor(
  zone: Name,
  { address, port, tsigKey, tls }: Primary,
  { key, clock, random, signal }: RefreshTools,
): TransferOptions {
  return {
    server: { address, port, tls: tls && trustOf(address, tls) },
    zone,
    key: tsigKey && key(tsigKey),
    limits: LIMITS,
    ...{ clock, random, signal },
  };
}

/** Of a server that answers, and will not or cannot do this. */
function isRefusal({ kind }: UpdateResult): boolean {
  return kind === 'refused' || kind === 'failed' || kind === 'malformed';
}

/** What a transfer came to. */
async function take(
  request: RefreshRequest,
  primary: Primary,
  result: UpdateResult,
  tools: RefreshTools,
): Promise<Found> {
  switch (result.kind) {
    case 'current':
      return result;
    case 'zone':
      return look(request.zone, primary, result.records, tools);
    case 'differences': {
      const records = await request.records();
      const applied = records && (await inSlices(applyDifferences(records, result.differences), tools.clock));
      return applied
        ? look(request.zone, primary, applied, tools)
        : problem(`${textOf(primary)} sends differences of another version than is here`);
    }
    default:
      return problem(result.message);
  }
}

/** Whether records are the zone. RFC 8976 §4: one with a digest that is wrong is not. */
async function look(
  zone: Name,
  primary: Primary,
  records: readonly ResourceRecord[],
  { clock }: Pick<RefreshTools, 'clock'>,
): Promise<Found> {
  if (records.length > MOST_RECORDS) return problem(`it has more than ${MOST_RECORDS} records`);
  try {
    const nodes = await inSlices(versionNodes(zone, records), clock);
    const fault = await digestFault(zone, records, clock);
    if (fault === undefined) return { kind: 'version', version: { records, nodes } };
    return problem(`what ${textOf(primary)} sends is not what was published: ${fault}`);
  } catch (error) {
    if (!(error instanceof BadZone)) throw error;
    return problem(`what ${textOf(primary)} sends cannot be served: ${error.message}`);
  }
}

function problem(text: string): Found {
  return { kind: 'problem', problem: text };
}

/** As dig writes it. */
export function textOf({ address, port, tls }: Primary): string {
  return serverText({ address, port: port ?? (tls ? DNS_TLS_PORT : DNS_PORT) });
}
