import { AppError } from '../../src/core/errors.ts';
import type { Name } from '../../src/dns/wire/name.ts';
import type { DkimKeyView, DkimService, DkimView } from '../../src/mail/dkim/service.ts';

const time = '2026-01-01T00:00:00Z';

/** Keys of domains in memory, as the API shows them: each domain has a pair, and a second one when it was asked for. */
export function memoryDkim(domains: { get(name: Name): unknown }): DkimService {
  const asked = new Set<string>();
  let every = 180 * 86_400;

  function keyOf(domain: Name, selector: string, state: DkimKeyView['state']): DkimKeyView {
    const owner = `${selector}._domainkey.${domain.toText()}`;
    const record = state === 'revoked' ? 'v=DKIM1; k=rsa; p=' : 'v=DKIM1; k=rsa; p=MIIB';
    const common = { algorithm: 'rsa', createdAt: time, stateSince: time, next: undefined } as const;
    return { ...common, selector, state, owner, record };
  }

  function viewOf(domain: Name): DkimView {
    const next = { step: 'see', at: undefined, waitsFor: 'Every nameserver must have them.' } as const;
    const isAsked = asked.has(domain.key);
    return {
      domain,
      keys: [
        keyOf(domain, 'rsa2601a', 'active'),
        ...(isAsked ? [keyOf(domain, 'rsa2601b', 'published')] : []),
      ],
      rolls: true,
      next: isAsked ? next : { step: 'publish', at: Date.parse(time) + 1000, waitsFor: undefined },
      problem: undefined,
    };
  }

  return {
    get: (domain) => (domains.get(domain) ? viewOf(domain) : undefined),
    rotate(_actor, domain, emergency) {
      if (!domains.get(domain)) return Promise.reject(new AppError('not-found', 'There is no such domain.'));
      if (asked.has(domain.key) && !emergency)
        return Promise.reject(new AppError('in-use', 'New keys are on their way already.'));
      asked.add(domain.key);
      return Promise.resolve(viewOf(domain));
    },
    schedule: () => ({ every: every * 1000, troubled: [], troubledCount: 0 }),
    setSchedule(_actor, seconds) {
      every = seconds;
      return Promise.resolve();
    },
  };
}
