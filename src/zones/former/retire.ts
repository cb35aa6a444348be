import { AppError } from '../../core/errors.ts';
import type { Name } from '../../dns/wire/name.ts';
import type { ZoneChange } from '../publisher/publisher.ts';
import { topmostHomes, zoneOf } from '../topology.ts';

/** A hostname of before answers no more. @throws AppError not-found */
export function retireHostname(change: ZoneChange, hostname: Name, why: string): void {
  const { tx } = change;
  const box = change.box();
  const former = box.formerHostnames?.find((one) => one.hostname.equals(hostname));
  if (!former)
    throw new AppError(
      'not-found',
      `${hostname.toText()} is no former hostname of the box that still answers.`,
    );
  const formerHostnames = box.formerHostnames!.filter((one) => one !== former);
  tx.putBox({ ...box, formerHostnames });
  splitZone(change, former.hostname);
  const text = former.hostname.toText();
  change.audit('hostname.retire', text, { why });
  change.event('hostname.retired', { hostname: text, why });
  change.event('box.changed', { hostname: box.hostname.toText() });
}

/** A hostname is a home like the domains: where it goes, what it held falls apart. */
function splitZone(change: ZoneChange, from: Name): void {
  const { tx } = change;
  const old = tx.zone(from);
  const holder = zoneOf(tx, from);
  if (holder) change.touchBeside(holder, { owners: 'all' });
  else if (old?.active) {
    change.deactivate(old);
    for (const home of topmostHomes(tx, from)) if (!tx.zone(home)?.active) change.activate(home);
  }
}
