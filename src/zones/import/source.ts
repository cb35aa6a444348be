import { isIP } from 'node:net';
import type { Clock } from '../../core/clock.ts';
import { AppError } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';
import { type TransferResult, transferZone } from '../../dns/client/transfer.ts';
import type { ResourceRecord } from '../../dns/rr.ts';
import type { Name } from '../../dns/wire/name.ts';
import { parseZoneFile } from '../../dns/zonefile/parse.ts';
import type { ImportRequest } from '../services.ts';

/** More than any zone that a person brings along; a registry's would not fit this box. */
const MAX_RECORDS = 100_000;

/** A record with the line of the zone file that it came from. */
export interface SourceRecord extends ResourceRecord {
  line: number | undefined;
}

export interface SourceTools {
  clock: Clock;
  random: Random;
  /** The addresses of a host. Rejects when there are none. */
  resolve: (hostname: string) => Promise<string[]>;
}

/** The records to import. @throws AppError invalid-zonefile or transfer-failed */
export async function readSource(
  { zone, from }: ImportRequest,
  ttl: number,
  tools: SourceTools,
): Promise<SourceRecord[]> {
  if (from.kind === 'zonefile') return readZoneFile(zone, from.text, ttl);
  const records = await transfer(zone, from, tools);
  return records.map((record) => ({ ...record, line: undefined }));
}

function readZoneFile(zone: Name, text: string, defaultTtl: number): SourceRecord[] {
  const limits = { records: MAX_RECORDS };
  const result = parseZoneFile(text, { origin: zone, defaultTtl, limits });
  if (result.ok) return result.records.map((record, index) => ({ ...record, line: result.lines[index] }));
  const errors = result.errors.map(({ line, column, message }) => ({
    path: 'from.text',
    message: `line ${line}, column ${column}: ${message}`,
  }));
  throw new AppError('invalid-zonefile', `In ${errors[0]!.message}`, { errors });
}

/** Asks the addresses of the server one after the other. */
async function transfer(
  zone: Name,
  { server, port }: { server: string; port: number },
  tools: SourceTools,
): Promise<ResourceRecord[]> {
  let failure: Exclude<TransferResult, { kind: 'zone' }> | undefined;
  for (const address of await addressesOf(server, tools)) {
    const limits = { records: MAX_RECORDS };
    const result = await transferZone({ server: { address, port }, zone, limits, ...tools });
    if (result.kind === 'zone') return result.records;
    failure = result;
  }
  throw new AppError('transfer-failed', advice(failure, server));
}

async function addressesOf(server: string, { resolve }: SourceTools): Promise<string[]> {
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
    case 'malformed':
    case 'aborted':
      return `${message}; try again, or import a zone file.`;
  }
}
