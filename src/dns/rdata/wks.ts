import { FormErr } from '../wire/form-error.ts';
import { parseIpv4, printIpv4 } from './ipv4.ts';
import { octetsOfBits, setBits } from './octets.ts';
import type { RdataType } from './rdata-type.ts';
import type { RdataTokens } from './tokens.ts';
import { protocols, services } from './wks-names.ts';

/** Services of a host, given up for SRV. https://www.rfc-editor.org/rfc/rfc1035#section-3.4.2 */
export interface Wks {
  /** Dotted quad. */
  address: string;
  /** Number of the IP protocol: 6 TCP, 17 UDP. */
  protocol: number;
  /** In ascending order. */
  ports: number[];
}

/** A bit for each port. */
const MAX_BITMAP = 8192;

export const wks: RdataType<Wks> = {
  type: 11,
  name: 'WKS',
  decode(reader) {
    const address = printIpv4(reader.take(4));
    const protocol = reader.u8();
    const bitmap = reader.rest();
    if (bitmap.length > MAX_BITMAP) throw new FormErr('WKS bitmap has more bits than there are ports');
    if (bitmap.at(-1) === 0) throw new FormErr('WKS bitmap ends in a zero octet');
    return { address, protocol, ports: setBits(bitmap) };
  },
  encode(value, writer) {
    writer.bytes(parseIpv4(value.address)!);
    writer.u8(value.protocol);
    writer.bytes(octetsOfBits(value.ports));
  },
  parse(tokens: RdataTokens) {
    const address = printIpv4(tokens.ipv4('address'));
    const protocol = tokens.u8OrMnemonic('protocol', protocols);
    const ports = new Set<number>();
    while (!tokens.done) ports.add(tokens.u16OrMnemonic('service', services));
    return { address, protocol, ports: [...ports].sort((a, b) => a - b) };
  },
  print: (value) => [value.address, value.protocol, ...value.ports].join(' '),
};
