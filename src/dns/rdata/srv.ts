import type { Name } from '../wire/name.ts';
import type { RdataType } from './rdata-type.ts';

/** Where a service is. https://www.rfc-editor.org/rfc/rfc2782 */
export interface Srv {
  /** The lowest is tried first. */
  priority: number;
  weight: number;
  port: number;
  /** The root says that the service is not offered. */
  target: Name;
}

/** Never compressed on output; on input RFC 3597 §4 wants it undone, as RFC 2052 had allowed it. */
export const srv: RdataType<Srv> = {
  type: 33,
  name: 'SRV',
  compressible: true,
  decode: (reader) => ({
    priority: reader.u16(),
    weight: reader.u16(),
    port: reader.u16(),
    target: reader.name(),
  }),
  encode(value, writer) {
    writer.u16(value.priority);
    writer.u16(value.weight);
    writer.u16(value.port);
    writer.name(value.target, false);
  },
  parse: (tokens) => ({
    priority: tokens.u16('priority'),
    weight: tokens.u16('weight'),
    port: tokens.u16('port'),
    target: tokens.domainName('target'),
  }),
  print: (value) => `${value.priority} ${value.weight} ${value.port} ${value.target.toString()}`,
  canonical: (value) => ({ ...value, target: value.target.canonical() }),
};
