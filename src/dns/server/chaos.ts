import { Type } from '../type-codes.ts';
import { Class, Rcode } from '../wire/codes.ts';
import { LOWER } from '../zone/octets.ts';
import { Ede } from './codes.ts';
import type { Exchange } from './exchange.ts';
import type { Features } from './features.ts';
import { putBytes, putU16, putU32, QNAME_POINTER } from './response.ts';
import type { SearchName } from './search-name.ts';

/** RFC 4892 §3, and the names that BIND had before it. */
const ID_NAMES = ['id.server', 'hostname.bind'].map(wireOf);
const VERSION_NAMES = ['version.server', 'version.bind'].map(wireOf);

/** Answers a question of class CH, by which servers tell of themselves; what was not said to be told is refused. */
export function answerChaos(exchange: Exchange, { identity, version }: Features): void {
  const { query, response } = exchange;
  const text = ID_NAMES.some((name) => isName(query.name, name))
    ? identity
    : VERSION_NAMES.some((name) => isName(query.name, name))
      ? version
      : undefined;
  if (!text || (query.qtype !== Type.TXT && query.qtype !== Type.ANY)) {
    exchange.rcode = Rcode.REFUSED;
    exchange.ede = Ede.notSupported;
    return;
  }
  exchange.authoritative = true;
  putU16(response, QNAME_POINTER);
  putU16(response, Type.TXT);
  putU16(response, Class.CH);
  putU32(response, 0);
  putU16(response, text.length + 1);
  response.bytes[response.at++] = text.length;
  putBytes(response, text, 0, text.length);
  response.counts[response.section]!++;
}

function wireOf(name: string): Uint8Array {
  const labels = name.split('.').flatMap((label) => [label.length, ...Buffer.from(label)]);
  return Uint8Array.from([...labels, 0]);
}

function isName({ wire, length }: SearchName, name: Uint8Array): boolean {
  if (length !== name.length) return false;
  for (let i = 0; i < length; i++) if (LOWER[wire[i]!] !== name[i]) return false;
  return true;
}
