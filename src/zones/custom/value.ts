import { printRdata, rdataFromText, typeName } from '../../dns/rdata/registry.ts';
import { RdataError } from '../../dns/rdata/tokens.ts';
import { Type } from '../../dns/type-codes.ts';
import type { Box } from '../model.ts';
import { parseOwner } from '../names.ts';
import { LOCAL } from './resolve.ts';
import { pointsToName } from './targets.ts';
import { textFromValue } from './text-value.ts';

/** What a good value looks like: the end of every message about a bad one. */
const EXAMPLES: Partial<Record<keyof typeof Type, string>> = {
  A: '192.0.2.1',
  AAAA: '2001:db8::1',
  CNAME: 'www.example.net.',
  DNAME: 'example.net.',
  NS: 'ns1.example.net.',
  PTR: 'host.example.net.',
  MX: '10 mail.example.net.',
  TXT: '"some text"',
  SRV: '0 1 443 host.example.net.',
  CAA: '0 issue "letsencrypt.org"',
  TLSA: '3 1 1 HEX',
  SMIMEA: '3 1 1 HEX',
  SSHFP: '4 2 HEX',
  OPENPGPKEY: 'BASE64',
  DS: '60485 13 2 HEX',
  HTTPS: '1 . alpn=h2',
  SVCB: '1 svc.example.net. port=8443',
  URI: '10 1 "https://example.net/"',
  NAPTR: '100 10 "S" "SIP+D2U" "" _sip._udp.example.net.',
  LOC: '52 22 23.000 N 4 53 32.000 E -2.00m',
  HINFO: '"PC" "Linux"',
  RP: 'admin.example.net. text.example.net.',
  APL: '1:192.0.2.0/24 !1:192.0.2.64/28 2:2001:db8::/32',
  CERT: 'PKIX 0 0 BASE64',
  DSYNC: 'CDS NOTIFY 5300 scanner.example.net.',
  EUI48: '00-00-5e-00-53-2a',
  EUI64: '00-00-5e-ef-10-00-00-2a',
  IPSECKEY: '10 1 2 192.0.2.1 BASE64',
  KEY: '512 3 13 BASE64',
  L32: '10 192.0.2.0',
  L64: '10 2001:0db8:1140:1000',
  LP: '10 l64.example.net.',
  NID: '10 0014:4fff:ff20:ee64',
};

/** A value that reads: its rdata (none for `local`) and the form in which it is stored and shown. */
export type ValueResult =
  { ok: true; rdata: Uint8Array | undefined; value: string } | { ok: false; message: string };

export function readValue(type: number, text: string, box: Box): ValueResult {
  const value = text.trim();
  if (value === '') return bad(type, 'the value is missing');
  if (value.toLowerCase() === LOCAL && (type === Type.A || type === Type.AAAA)) return readLocal(type, box);
  try {
    const rdata = type === Type.TXT ? textFromValue(value) : rdataFromText(type, withALabels(type, value));
    return { ok: true, rdata, value: printRdata(type, rdata) };
  } catch (error) {
    if (error instanceof RdataError) return bad(type, error.message);
    throw error;
  }
}

function readLocal(type: number, box: Box): ValueResult {
  const addresses = type === Type.A ? box.ipv4 : box.ipv6;
  const family = type === Type.A ? 'IPv4' : 'IPv6';
  return addresses.length > 0
    ? { ok: true, rdata: undefined, value: LOCAL }
    : {
        ok: false,
        message: `The box has no ${family} address that "local" could stand for; write an address`,
      };
}

/** Internationalised names in values of types that are names; the parser says what is wrong with the others. */
function withALabels(type: number, value: string): string {
  if (!pointsToName(type)) return value;
  // Split first: one expression for a whole word would look at long values again and again.
  return value
    .split(/(\s+)/)
    .map((word) => {
      const result = /[^\p{ASCII}]/u.test(word) ? parseOwner(word) : undefined;
      return result?.ok ? result.name.toString() : word;
    })
    .join('');
}

function bad(type: number, reason: string): ValueResult {
  const name = typeName(type);
  const example = EXAMPLES[name as keyof typeof Type];
  const hint = example === undefined ? '' : `; a good ${name} value is ${example}`;
  return { ok: false, message: `The value is not a valid ${name} record: ${reason}${hint}` };
}
