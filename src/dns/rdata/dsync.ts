import { typeName } from '../type-codes.ts';
import type { Name } from '../wire/name.ts';
import type { RdataType } from './rdata-type.ts';
import type { RdataTokens } from './tokens.ts';
import { parseTypeOrNumber } from './type-bitmap.ts';

/** Where a child tells its parent of changes. https://www.rfc-editor.org/rfc/rfc9859#section-2 */
export interface Dsync {
  /** The type whose change is told: CDS or CSYNC. */
  rrType: number;
  /** 1 is NOTIFY. */
  scheme: number;
  port: number;
  target: Name;
}

const NOTIFY = 1;

/** RFC 9859 §2.1: never compressed; as RFC 4034 §6.2 does not list the type, the target keeps its case. */
export const dsync: RdataType<Dsync> = {
  type: 66,
  name: 'DSYNC',
  decode: (reader) => ({
    rrType: reader.u16(),
    scheme: reader.u8(),
    port: reader.u16(),
    target: reader.name(false),
  }),
  encode(value, writer) {
    writer.u16(value.rrType);
    writer.u8(value.scheme);
    writer.u16(value.port);
    writer.name(value.target, false);
  },
  parse: (tokens: RdataTokens) => ({
    rrType: parseTypeOrNumber(tokens, 'type'),
    scheme: tokens.u8OrMnemonic('scheme', { NOTIFY }),
    port: tokens.u16('port'),
    target: tokens.domainName('target'),
  }),
  print(value) {
    const scheme = value.scheme === NOTIFY ? 'NOTIFY' : value.scheme;
    return `${typeName(value.rrType)} ${scheme} ${value.port} ${value.target.toString()}`;
  },
};
