import type { Clock } from '../../core/clock.ts';
import type { Random } from '../../core/random.ts';
import { query } from '../../dns/client/query.ts';
import type { Server } from '../../dns/client/exchange.ts';
import { fromWire } from '../../dns/rdata/registry.ts';
import { soa } from '../../dns/rdata/soa.ts';
import { Type } from '../../dns/type-codes.ts';
import { Rcode, rcodeName } from '../../dns/wire/codes.ts';
import type { Name } from '../../dns/wire/name.ts';

/** What a server says of its version of a zone. `silent`: nothing; `none`: it answers, and does not serve the zone. */
export type SerialAt = { kind: 'serial'; serial: number } | { kind: 'silent' | 'none'; problem: string };

export interface SerialOptions {
  clock: Clock;
  random: Random;
}

/** Asks a secondary which version of a zone it serves. Never rejects. */
export async function serialAt(
  server: Server,
  zone: Name,
  { clock, random }: SerialOptions,
): Promise<SerialAt> {
  const result = await query({ server, name: zone, type: Type.SOA, clock, random });
  if (result.kind !== 'answer') return { kind: 'silent', problem: result.detail };
  const { rcode, flags, answers } = result.message;
  if (rcode !== Rcode.NOERROR) return { kind: 'none', problem: `it answers ${rcodeName(rcode)}` };
  const record = answers.find(({ type, owner }) => type === Type.SOA && owner.equals(zone));
  if (!flags.aa || !record) return { kind: 'none', problem: 'it does not serve the zone' };
  return { kind: 'serial', serial: fromWire(soa, record.rdata).serial };
}

/** Whether a serial is at least ours: the difference is a signed number of 32 bits (RFC 1982). */
export function isCurrent(serial: number, ours: number): boolean {
  return ((serial - ours) | 0) >= 0;
}
