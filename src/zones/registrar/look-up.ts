import type { Clock } from '../../core/clock.ts';
import type { DelegationResult, Iterator } from '../../dns/client/resolve.ts';
import { ds } from '../../dns/rdata/ds.ts';
import { fromWire } from '../../dns/rdata/registry.ts';
import type { Name } from '../../dns/wire/name.ts';
import type { DsView } from '../keys/views.ts';
import type { Finding } from './delegation.ts';

/** Milliseconds: a person waits for it. */
const TIME_LIMIT = 15_000;

/** Asks the parent's servers about a zone, until `signal` ends it. Never rejects. */
export async function lookUp(
  iterator: Iterator,
  clock: Clock,
  zone: Name,
  signal?: AbortSignal,
): Promise<Finding> {
  const limit = new AbortController();
  const timer = clock.after(TIME_LIMIT, () => limit.abort());
  const end = (): void => limit.abort();
  signal?.addEventListener('abort', end);
  const result = await iterator.delegation(zone, limit.signal);
  signal?.removeEventListener('abort', end);
  timer.cancel();
  if (result.kind === 'failed' && limit.signal.aborted)
    return { kind: 'failed', detail: `no answer within ${TIME_LIMIT / 1000} seconds` };
  return toFinding(result);
}

function toFinding(result: DelegationResult): Finding {
  switch (result.kind) {
    case 'failed':
      return { kind: 'failed', detail: result.detail };
    case 'not-delegated':
      return { kind: 'not-delegated', reason: result.reason, parent: result.parent.zone };
    case 'delegated':
      return {
        kind: 'delegated',
        parent: result.parent.zone,
        nameservers: result.nameservers,
        ttl: result.ttl,
        ds: result.ds.map(({ rdata }) => dsView(rdata)),
      };
  }
}

function dsView(rdata: Uint8Array): DsView {
  const { keyTag, algorithm, digestType, digest } = fromWire(ds, rdata);
  return { keyTag, algorithm, digestType, digest: Buffer.from(digest).toString('hex').toUpperCase() };
}
