import { Type } from '../../dns/type-codes.ts';
import { formerIn } from '../box-names.ts';
import { derived, type ZoneRule } from './rule.ts';

/** Fingerprint type 2 only: SHA-1 (type 1) is broken (RFC 6594). */
export const sshfp: ZoneRule = {
  id: 'sshfp',
  rfc: 'RFC 4255, RFC 6594',
  level: 'optional',
  why: 'Lets SSH clients recognise the box on the first visit without asking whether its key is right.',
  derive: ({ box, zone, holdsHostname, sshFingerprints }) =>
    [...(holdsHostname ? [box] : []), ...formerIn(box, zone.name)].flatMap(({ hostname }) =>
      sshFingerprints.map((key) => derived(hostname, Type.SSHFP, `${key.algorithm} 2 ${key.sha256}`)),
    ),
};
