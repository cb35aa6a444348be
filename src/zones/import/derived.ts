import { compose } from '../compose.ts';
import { above } from '../custom/context.ts';
import { noMail, noMailDmarc } from '../derive/no-mail.ts';
import type { ResourceRecord } from '../../dns/rr.ts';
import type { Name } from '../../dns/wire/name.ts';
import { dmarcSubject } from '../owner-keys.ts';
import type { SourcedRecord, ZoneInput } from '../model.ts';
import type { GrowingContext } from './context.ts';

/**
 * What the box derives where a record of an import stands: by its rules, and because of the addresses that the import has
 * brought so far (that there is no mail at them). The former is known; the latter is derived for records that look like it alone.
 */
export function derivedFor(
  { owner, type, rdata }: ResourceRecord,
  context: GrowingContext,
  input: ZoneInput,
): readonly SourcedRecord[] {
  const known = context.derivedAt(owner);
  const subject = dmarcSubject(owner.key) === undefined ? owner : owner.parent();
  const saysNoMail = [...noMail.derive(subject), ...noMailDmarc.derive(subject)].some(
    (other) => other.owner.equals(owner) && other.type === type && Buffer.compare(other.rdata, rdata) === 0,
  );
  if (!saysNoMail) return known;
  const places: Name[] = [subject, ...above(subject, input.zone.name)];
  const custom = places.flatMap((place) => context.customAt(place));
  return compose({ ...input, custom }, new Set([owner.key])).filter(({ source }) => source === 'derived');
}
