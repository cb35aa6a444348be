import type { Name } from '../wire/name.ts';
import type { RdataType } from './rdata-type.ts';

/** Start of a zone of authority. https://www.rfc-editor.org/rfc/rfc1035#section-3.3.13 */
export interface Soa {
  /** The primary nameserver. */
  mname: Name;
  /** The mailbox of the person responsible, its `@` written as a dot. */
  rname: Name;
  /** Compared by RFC 1982. */
  serial: number;
  /** Seconds. */
  refresh: number;
  /** Seconds. */
  retry: number;
  /** Seconds. */
  expire: number;
  /** Upper limit of the TTL of negative answers, seconds (RFC 2308 §4). */
  minimum: number;
}

export const soa: RdataType<Soa> = {
  type: 6,
  name: 'SOA',
  compressible: true,
  decode: (reader) => ({
    mname: reader.name(),
    rname: reader.name(),
    serial: reader.u32(),
    refresh: reader.u32(),
    retry: reader.u32(),
    expire: reader.u32(),
    minimum: reader.u32(),
  }),
  encode(value, writer) {
    writer.name(value.mname);
    writer.name(value.rname);
    writer.u32(value.serial);
    writer.u32(value.refresh);
    writer.u32(value.retry);
    writer.u32(value.expire);
    writer.u32(value.minimum);
  },
  parse: (tokens) => ({
    mname: tokens.domainName('primary nameserver'),
    rname: tokens.domainName('mailbox of the person responsible'),
    serial: tokens.u32('serial'),
    refresh: tokens.duration('refresh'),
    retry: tokens.duration('retry'),
    expire: tokens.duration('expire'),
    minimum: tokens.duration('minimum'),
  }),
  print: (value) =>
    `${value.mname.toString()} ${value.rname.toString()} ` +
    `${value.serial} ${value.refresh} ${value.retry} ${value.expire} ${value.minimum}`,
  canonical: (value) => ({ ...value, mname: value.mname.canonical(), rname: value.rname.canonical() }),
};
