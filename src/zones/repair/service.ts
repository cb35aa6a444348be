import type { Clock } from '../../core/clock.ts';
import { AppError } from '../../core/errors.ts';
import { inSlices } from '../../core/slices.ts';
import type { Name } from '../../dns/wire/name.ts';
import type { Actor } from '../../work/actor.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { configuredBox, type Publisher, type ZoneChange } from '../publisher/publisher.ts';
import { activeZone } from '../records/service.ts';
import type { ZoneRow } from '../store.ts';
import { type Damage, inspectZone, recordText } from './inspect.ts';

/** What came of making a zone anew. */
export interface Rebuilt {
  zone: Name;
  /** The new version, which is served. */
  serial: number;
  /** What was damaged and is whole again, a sentence each. */
  mended: string[];
  /** What is lost for good, a sentence each. */
  lost: string[];
}

/** Makes zones anew from the model and their keys, and puts right what of those is damaged where something else still says it. */
export interface ZoneRebuild {
  /**
   * Derives, signs and stores the zone from nothing, and publishes it. Where that would lose what is served, nothing happens.
   * @throws AppError zone-damaged, not-found
   */
  rebuild: (actor: Actor, zone: Name, cause?: string) => Promise<Rebuilt>;
}

export interface RebuildOptions {
  publisher: Publisher;
  keys: KeyRing;
  /**
   * Makes the table of nodes anew where the database itself is damaged there. Gives the zones that have lost theirs; undefined when
   * that is of no use.
   */
  remakeNodes: () => Promise<readonly Name[] | undefined>;
  /** Told of these. */
  onLost: (zones: readonly Name[]) => void;
  clock: Clock;
}

export function createRebuild({ publisher, keys, remakeNodes, onLost, clock }: RebuildOptions): ZoneRebuild {
  async function rebuild(actor: Actor, name: Name, cause: string): Promise<Rebuilt> {
    const { value, published } = await publisher.change({ actor, cause }, async (change) => {
      const zone = activeZone(change.tx, name);
      const damage = await inSlices(inspectZone(change.tx, keys, configuredBox(change.tx), zone), clock);
      const isServed = publisher.view(name) !== undefined;
      const done = mend(change, zone, damage, isServed);
      change.touch(zone.name, { owners: 'all', renew: 'everything', anew: true });
      change.audit('zone.rebuild', name.toText(), done);
      change.event('zone.rebuilt', { zone: name.toText(), ...done });
      return done;
    });
    return { ...value, zone: name, serial: published.find(({ zone }) => zone.equals(name))!.serial };
  }

  return {
    async rebuild(actor, name, cause = 'made anew') {
      try {
        return await rebuild(actor, name, cause);
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'storage-damaged') throw error;
        const lost = await remakeNodes();
        if (!lost) throw error;
        onLost(lost);
        return rebuild(actor, name, cause);
      }
    },
  };
}

type Done = Pick<Rebuilt, 'mended' | 'lost'>;

/** @throws AppError zone-damaged when it takes more than the zone's own rows */
function mend({ tx }: ZoneChange, zone: ZoneRow, damage: Damage, isServed: boolean): Done {
  const done: Done = { mended: [], lost: [] };
  for (const { row, whole } of damage.keys) {
    if (!whole) throw keyLost(zone, row.keyTag);
    tx.mendKey(row.id, whole);
    done.mended.push(`the key ${row.keyTag}`);
  }
  for (const record of damage.records) {
    const text = recordText(record);
    if (record.whole) {
      tx.mendRecord(record.whole);
      done.mended.push(`the record ${text}`);
    } else if (isServed) throw recordLost(zone, text, record.record !== undefined);
    // Better a zone without this record than none.
    else done.lost.push(`the record ${text}: add it again`);
  }
  for (const version of damage.versions) {
    tx.forgetDiff(version.id);
    done.lost.push(`what the version ${version.serial} changed`);
  }
  if (damage.nodes !== undefined) done.mended.push('its records as they are served, and their signatures');
  if (!isServed) done.lost.push('what this version changes against the one before');
  return done;
}

const COPY = 'put back the copy of the database of a day when it was whole (docs/repair.md)';

function keyLost({ name }: ZoneRow, keyTag: number): AppError {
  const message = `The private key ${keyTag} of ${name.toText()} is damaged, and without it the zone cannot be signed: ${COPY}.`;
  return new AppError('zone-damaged', message);
}

function recordLost({ name }: ZoneRow, record: string, isRemovable: boolean): AppError {
  const remove = isRemovable ? 'remove that record and add it again, or ' : '';
  const message = `The record ${record} of ${name.toText()} is damaged, and nothing else says what it was; the zone is served as it was: ${remove}${COPY}.`;
  return new AppError('zone-damaged', message);
}
