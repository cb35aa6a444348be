import { AppError } from '../../core/errors.ts';
import { cname } from '../../dns/rdata/cname.ts';
import { fromWire } from '../../dns/rdata/registry.ts';
import { Type } from '../../dns/type-codes.ts';
import type { Name } from '../../dns/wire/name.ts';
import type { Actor } from '../../work/actor.ts';
import type { UnitOfWork } from '../../work/unit-of-work.ts';
import { resolveCustom } from '../../zones/custom/resolve.ts';
import { below } from '../../zones/derive/rule.ts';
import { configuredBox, type Publisher } from '../../zones/publisher/publisher.ts';
import type { Reads } from '../../zones/store.ts';
import { zoneOf } from '../../zones/topology.ts';
import type { ChallengeRecords } from '../model.ts';
import { certificateRows, type ChallengeRow } from '../store.ts';

/** CNAMEs that are followed one after the other. */
const LONGEST_CHAIN = 8;

const actor: Actor = { kind: 'system', id: 'acme', name: 'certificates', address: undefined };

export interface ChallengeOptions {
  work: UnitOfWork;
  publisher: Publisher;
}

/** Challenges of all orders; `forOrder` gives those of one. */
export interface Challenges {
  forOrder(certificateId: string): ChallengeRecords & { removeAll(): Promise<void> };
  /** Removes all that a crash left: before any order runs. */
  removeAll(): Promise<void>;
}

export function createChallenges({ work, publisher }: ChallengeOptions): Challenges {
  const reads = work.committed.rows(certificateRows);

  async function remove(rows: readonly ChallengeRow[]): Promise<void> {
    if (rows.length === 0) return;
    await publisher.change({ actor, cause: 'certificate validated' }, (change) => {
      for (const row of rows) {
        change.unit.rows(certificateRows).removeChallenge(row);
        const zone = zoneOf(change.tx, row.owner);
        // The domain may have been removed while the CA looked.
        if (zone) change.touch(zone, { owners: [row.owner] });
      }
    });
  }

  return {
    forOrder: (certificateId) => ({
      async present(host, value) {
        const why = { actor, cause: `certificate of ${host.toText()} validated` };
        const { value: place } = await publisher.change(why, (change) => {
          const found = challengeOwner(change.tx, host);
          change.unit.rows(certificateRows).addChallenge({ owner: found.owner, value, certificateId });
          change.touch(found.zone, { owners: [found.owner] });
          return found;
        });
        return place;
      },
      removeAll: () => remove(reads.challengesOf(certificateId)),
    }),
    removeAll: () => remove(reads.challenges()),
  };
}

/**
 * Where the answer for a host belongs: at `_acme-challenge` below it, or where a CNAME there leads (RFC 8555 §8.4: the CA follows).
 * @throws AppError outside-zone
 */
export function challengeOwner(reads: Reads, host: Name): { owner: Name; zone: Name } {
  let owner = below('_acme-challenge', host);
  for (let steps = 0; owner && steps <= LONGEST_CHAIN; steps++) {
    const zone = zoneOf(reads, owner);
    if (!zone) throw elsewhere(host, owner);
    const target = aliasOf(reads, owner);
    if (!target) return { owner, zone };
    owner = target;
  }
  throw new AppError(
    'outside-zone',
    `The CNAME records at _acme-challenge.${host.toText()} lead in a circle; remove them.`,
  );
}

function aliasOf(reads: Reads, owner: Name): Name | undefined {
  const alias = reads.recordsAt(owner).find(({ type }) => type === Type.CNAME);
  const [rdata] = alias ? resolveCustom(alias, configuredBox(reads)) : [];
  return rdata && fromWire(cname, rdata).target;
}

function elsewhere(host: Name, owner: Name): AppError {
  return new AppError(
    'outside-zone',
    `${owner.toText()}, where the CA looks for ${host.toText()}, is in no zone of the box; remove the CNAME that leads there, or add the domain with its DNS here.`,
  );
}
