import type { RdataType } from './rdata-type.ts';

/** Address of a network card. https://www.rfc-editor.org/rfc/rfc7043 */
export interface Eui {
  /** 6 octets of EUI48, 8 of EUI64. */
  address: Uint8Array;
}

function eui(type: number, name: string, length: number, example: string): RdataType<Eui> {
  const form = new RegExp(`^[0-9a-f]{1,2}(-[0-9a-f]{1,2}){${length - 1}}$`, 'i');
  return {
    type,
    name,
    decode: (reader) => ({ address: reader.take(length) }),
    encode: (value, writer) => writer.bytes(value.address),
    parse(tokens) {
      const text = tokens.word('address');
      if (!form.test(text)) tokens.fail(`address must be such as ${example}, not "${text}"`);
      return { address: Uint8Array.from(text.split('-'), (octet) => parseInt(octet, 16)) };
    },
    print: (value) =>
      Buffer.from(value.address)
        .toString('hex')
        .replace(/..(?!$)/g, '$&-'),
  };
}

export const eui48: RdataType<Eui> = eui(108, 'EUI48', 6, '00-00-5e-00-53-2a');
export const eui64: RdataType<Eui> = eui(109, 'EUI64', 8, '00-00-5e-ef-10-00-00-2a');
