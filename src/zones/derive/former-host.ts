import { boxAddresses, formerIn } from '../box-names.ts';
import { nameserverAddresses } from './host.ts';
import type { ZoneRule } from './rule.ts';

export const formerHost: ZoneRule = {
  id: 'former-host',
  rfc: 'RFC 1035, RFC 3596',
  level: 'required',
  why: 'The box had this name before: it answers until no parent leads to it any more and caches have forgotten it.',
  derive: ({ box, zone }) =>
    formerIn(box, zone.name).flatMap(({ hostname }) => [
      ...boxAddresses(box, hostname),
      ...nameserverAddresses({ ...box, hostname }),
    ]),
};
