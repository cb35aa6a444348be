import type { Mx } from '../../dns/rdata/mx.ts';
import { fromWire, rdataType } from '../../dns/rdata/registry.ts';
import type { SingleName } from '../../dns/rdata/single-name.ts';
import type { Srv } from '../../dns/rdata/srv.ts';
import { Type } from '../../dns/type-codes.ts';
import type { Name } from '../../dns/wire/name.ts';
import type { CustomRecord } from '../model.ts';
import { readCustom } from './resolve.ts';

/** Types whose target is a host and so must have addresses and be no CNAME (RFC 2181 §10.3, RFC 2782). */
const TO_A_HOST: ReadonlySet<number> = new Set([Type.MX, Type.NS, Type.SRV]);
const TO_A_NAME: ReadonlySet<number> = new Set([Type.CNAME, Type.DNAME, Type.PTR]);

export function pointsToHost(type: number): boolean {
  return TO_A_HOST.has(type);
}

export function pointsToName(type: number): boolean {
  return TO_A_HOST.has(type) || TO_A_NAME.has(type);
}

/** The host that a record of the person's leads to: of MX, NS and SRV. */
export function hostOf(record: Pick<CustomRecord, 'type' | 'value'>): Name | undefined {
  if (!pointsToHost(record.type)) return undefined;
  const [rdata] = readCustom(record);
  return rdata && targetOf(record.type, rdata);
}

/** The name that the rdata leads to, for the types that do. */
export function targetOf(type: number, rdata: Uint8Array): Name | undefined {
  if (!pointsToName(type)) return undefined;
  const value = fromWire(rdataType(type)!, rdata);
  return type === Type.MX ? (value as Mx).exchange : (value as SingleName | Srv).target;
}
