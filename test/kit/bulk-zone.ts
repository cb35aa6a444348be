import type { ZoneImage } from '../../src/dns/zone/image.ts';
import { imageOf } from './test-zone.ts';

/** A version of bulk.example.: more than the kernel keeps for a client that does not read. */
export const bulkZone = (serial: number): ZoneImage =>
  imageOf(`$ORIGIN bulk.example.
$TTL 300
@ SOA ns1 hostmaster ${serial} 7200 3600 1209600 600
@ NS ns1
ns1 A 192.0.2.1
${Array.from({ length: 3000 }, (_, n) => `host${n} TXT "version ${serial}"${` "${'x'.repeat(250)}"`.repeat(12)}`).join('\n')}
`);
