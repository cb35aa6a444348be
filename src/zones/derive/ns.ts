import { Type } from '../../dns/type-codes.ts';
import { nameservers } from '../box-names.ts';
import { derived, type ZoneRule } from './rule.ts';

export const ns: ZoneRule = {
  id: 'ns',
  rfc: 'RFC 1035',
  level: 'required',
  why: 'Names the servers that answer for this domain; the registrar must list the same ones.',
  derive: ({ box, zone }) => nameservers(box).map((server) => derived(zone.name, Type.NS, server.toString())),
};
