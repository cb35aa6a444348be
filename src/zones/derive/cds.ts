import { Type } from '../../dns/type-codes.ts';
import type { ZoneRule } from './rule.ts';

export const cds: ZoneRule = {
  id: 'cds',
  rfc: 'RFC 7344',
  level: 'recommended',
  why: 'Tells the registry which DS record to keep for this zone, so that a change of key needs no visit to the registrar.',
  derive: (input) => [
    ...input.cds.map((rdata) => ({ owner: input.zone.name, type: Type.CDS, rdata })),
    ...input.cdnskey.map((rdata) => ({ owner: input.zone.name, type: Type.CDNSKEY, rdata })),
  ],
};
