import type { Name } from '../../dns/wire/name.ts';
import type { Box } from '../model.ts';
import { derivedText } from '../text.ts';
import { joined, type ZoneRule } from './rule.ts';

/** The owner at which H agrees to reports about a domain; undefined when the two names together are too long. */
export function reportOwner(box: Box, domain: Name): Name | undefined {
  const parent = joined('_report._dmarc', box.hostname);
  return parent && joined(domain, parent);
}

/** Needed for every domain whose organisation is not H's; harmless for the others, so nothing hangs on that list. */
export const dmarcReports: ZoneRule = {
  id: 'dmarc-reports',
  rfc: 'RFC 9990',
  level: 'recommended',
  why: 'Agrees that DMARC reports about this domain may be sent to the box; without it they are not sent.',
  derive: ({ box, holdsHostname, reportingDomains }) =>
    holdsHostname
      ? reportingDomains.flatMap((domain) => {
          const owner = reportOwner(box, domain);
          return owner ? [derivedText(owner, 'v=DMARC1;')] : [];
        })
      : [],
};
