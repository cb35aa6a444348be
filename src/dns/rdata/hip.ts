import { FormErr } from '../wire/form-error.ts';
import type { Name } from '../wire/name.ts';
import { printBase64, printHex } from './octets.ts';
import type { RdataType } from './rdata-type.ts';
import type { RdataTokens } from './tokens.ts';

/** Host identity, and where the host can be met. https://www.rfc-editor.org/rfc/rfc8005#section-5 */
export interface Hip {
  /** Of the public key: those of IPSECKEY. */
  algorithm: number;
  /** The host identity tag, 1 to 255 octets. */
  tag: Uint8Array;
  publicKey: Uint8Array;
  /** In order of preference; may be empty. */
  servers: Name[];
}

/** RFC 8005 §5: the servers' names MUST NOT be compressed; as RFC 4034 §6.2 does not list the type, they keep their case. */
export const hip: RdataType<Hip> = {
  type: 55,
  name: 'HIP',
  decode(reader) {
    const tagLength = reader.u8();
    const algorithm = reader.u8();
    const keyLength = reader.u16();
    if (tagLength === 0 || keyLength === 0) throw new FormErr('HIP tag or public key is empty');
    const tag = reader.take(tagLength);
    const publicKey = reader.take(keyLength);
    const servers: Name[] = [];
    while (reader.remaining > 0) servers.push(reader.name(false));
    return { algorithm, tag, publicKey, servers };
  },
  encode(value, writer) {
    writer.u8(value.tag.length);
    writer.u8(value.algorithm);
    writer.u16(value.publicKey.length);
    writer.bytes(value.tag);
    writer.bytes(value.publicKey);
    for (const server of value.servers) writer.name(server, false);
  },
  parse(tokens: RdataTokens) {
    const algorithm = tokens.u8('algorithm');
    const tag = tokens.hexWord('host identity tag');
    if (tag.length < 1 || tag.length > 0xff) tokens.fail('host identity tag must be 1 to 255 octets long');
    const publicKey = tokens.base64Word('public key');
    if (publicKey.length < 1 || publicKey.length > 0xffff)
      tokens.fail('public key must be 1 to 65535 octets long');
    const servers: Name[] = [];
    while (!tokens.done) servers.push(tokens.domainName('rendezvous server'));
    return { algorithm, tag, publicKey, servers };
  },
  print: (value) =>
    [value.algorithm, printHex(value.tag), printBase64(value.publicKey), ...value.servers]
      .map(String)
      .join(' '),
};
