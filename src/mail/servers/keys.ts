import type { Clock } from '../../core/clock.ts';
import type { Sealer } from '../../core/seal.ts';
import { inSlices, type Steps } from '../../core/slices.ts';
import { Name } from '../../dns/wire/name.ts';
import type { Snapshot } from '../../work/rows.ts';
import { zoneRows } from '../../zones/store.ts';
import type { PutKeys } from '../agent/protocol.ts';
import { dkimRows, keyContext, type KeyMark } from '../dkim/store.ts';
import type { DkimSigner, DomainKeys } from '../drivers/model.ts';
import type { AskAgent } from './agent-client.ts';

/** Domains of one request. */
const BATCH = 200;

export interface KeySyncOptions {
  committed: Snapshot;
  sealer: Sealer;
  ask: AskAgent;
  clock: Clock;
}

/**
 * Brings the keys that Rspamd signs with to what is committed: what changed since the change that the agent was brought to last, or all
 * of them where nobody can tell.
 * @throws AppError (of the returned function) when the agent is not there, or refuses
 */
export function createKeySync({ committed, sealer, ask, clock }: KeySyncOptions): () => Promise<void> {
  const [keys, zones] = [committed.rows(dkimRows), committed.rows(zoneRows)];

  return async () => {
    const answer = await ask({ do: 'keys' });
    let at = 'keys' in answer ? answer.keys : null;
    if (at === null || keys.changeMark(at.sequence) !== at.mark) at = await sendAll();
    for (;;) {
      const changes = keys.changes(at.sequence, BATCH);
      if (changes.length === 0) return;
      if (changes[0]!.sequence > at.sequence + 1) at = await sendAll();
      else {
        const { sequence, mark } = changes.at(-1)!;
        at = { sequence, mark };
        await send('changed', [...new Set(changes.map(({ domain }) => domain))], at);
      }
    }
  };

  /** @returns the change that it brings the agent to; what changes meanwhile comes after it */
  async function sendAll(): Promise<KeyMark> {
    const at = keys.lastChange();
    let part: PutKeys['part'] = 'first';
    const pageAfter = (after: string): string[] => keys.domains({ after, limit: BATCH });
    for (let page = pageAfter(''); page.length > 0; page = pageAfter(page.at(-1)!)) {
      await send(part, page, null);
      part = 'more';
    }
    if (part === 'first') await send('first', [], null);
    await send('last', [], at);
    return at;
  }

  async function send(part: PutKeys['part'], domains: readonly string[], at: KeyMark | null): Promise<void> {
    await ask({ do: 'put-keys', part, domains: await inSlices(keysOf(domains), clock), at });
  }

  function* keysOf(domains: readonly string[]): Steps<DomainKeys[]> {
    const all: DomainKeys[] = [];
    for (const domain of domains) {
      all.push({ domain, keys: signers(Name.parse(domain)) });
      yield undefined;
    }
    return all;
  }

  /** The keys that sign, one of each algorithm. One that cannot be opened signs nothing; the other algorithm may. */
  function signers(domain: Name): DkimSigner[] {
    if (zones.domain(domain)?.mail !== true) return [];
    const found = new Map<string, DkimSigner>();
    for (const { selector, algorithm, state, sealedPrivateKey } of keys.keys(domain)) {
      if (state !== 'active') continue;
      try {
        const der = sealer.open(sealedPrivateKey, keyContext(domain, selector));
        // The newest of an algorithm wins.
        found.set(algorithm, { selector, algorithm, privateKey: pemOf(der) });
      } catch {
        continue;
      }
    }
    return [...found.values()];
  }
}

/** RFC 7468 §10. */
function pemOf(pkcs8: Uint8Array): string {
  const lines = Buffer.from(pkcs8)
    .toString('base64')
    .replace(/.{64}(?=.)/g, '$&\n');
  return `-----BEGIN PRIVATE KEY-----\n${lines}\n-----END PRIVATE KEY-----\n`;
}
