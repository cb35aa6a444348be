import type { Name } from '../../dns/wire/name.ts';
import type { Publisher } from '../publisher/publisher.ts';
import type { StaleZones } from '../stale/service.ts';
import type { SecondaryOptions } from './service.ts';

/** Changes the NS records of all zones: the zones are published by a job. */
export function publishSecondaries(
  publisher: Publisher,
  stale: Pick<StaleZones, 'publishAll'>,
): SecondaryOptions['setPublished'] {
  return async (actor, cause, edit) => {
    await publisher.change({ actor, cause }, (change) => {
      const box = change.tx.box();
      const secondaries = box && edit(box.secondaries);
      if (!secondaries || sameNames(secondaries, box.secondaries)) return;
      change.tx.putBox({ ...box, secondaries });
      stale.publishAll(change.unit);
      const names = secondaries.map((name) => name.toText());
      change.audit('box.secondaries', box.hostname.toText(), { secondaries: names });
      change.event('box.changed', { hostname: box.hostname.toText() });
    });
  };
}

function sameNames(a: readonly Name[], b: readonly Name[]): boolean {
  return a.length === b.length && a.every((name, i) => name.equals(b[i]!));
}
