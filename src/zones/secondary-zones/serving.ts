import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import { inSlices } from '../../core/slices.ts';
import type { Name } from '../../dns/wire/name.ts';
import { buildingImage } from '../../dns/zone/image-build.ts';
import { firstDraft } from '../../dns/zone/image-update.ts';
import { giveImage, ImageState, imageState, type ZoneImage } from '../../dns/zone/image.ts';
import type { ServedZones } from '../../dns/zone/served-zones.ts';
import { decodeContent } from './content.ts';
import { versionNodes } from './nodes.ts';
import { allSecondaryZones, type SecondaryZoneReads, type StoredVersion } from './store.ts';
import { intervalsOf } from './timers.ts';

/** When a version is too old to be served (RFC 1034 §4.3.5): milliseconds since the epoch. */
export function expiresAt({ soa, checkedAt }: StoredVersion): number {
  return checkedAt + intervalsOf(soa).expire;
}

/** Until it is loaded, or has come for the first time, who asks for a zone is to come again. */
export function announceSecondaryZones(reads: SecondaryZoneReads, zones: ServedZones): void {
  for (const { name } of allSecondaryZones(reads)) zones.announce(name);
}

export interface ServingTools {
  reads: SecondaryZoneReads;
  zones: ServedZones;
  clock: Clock;
  log: Log;
}

/** Serves what was transferred before the start, but for what has expired since. Resolves when there is nothing left, or it `isStopped`. */
export async function loadSecondaryZones(tools: ServingTools, isStopped: () => boolean): Promise<void> {
  const { reads, zones, clock } = tools;
  for (const { name, version } of allSecondaryZones(reads)) {
    if (isStopped()) return;
    if (!version) continue;
    if (expiresAt(version) <= clock.now()) zones.withdraw(name);
    else await serveStored(tools, name);
  }
}

/** Serves the version that is stored, unless one is served. False when it cannot be read. */
export async function serveStored({ reads, zones, clock, log }: ServingTools, name: Name): Promise<boolean> {
  if (isServed(zones, name)) return true;
  try {
    const content = reads.content(name);
    if (!content) throw new Error('its records are missing');
    const records = await inSlices(decodeContent(content), clock);
    const nodes = await inSlices(versionNodes(name, records), clock);
    const image = await inSlices(buildingImage(zones.memory, name, nodes), clock);
    serveOver(zones, name, image);
    return true;
  } catch (error) {
    log.error({ zone: name.toText(), err: error }, 'the stored version of a secondary zone cannot be read');
    if (!isServed(zones, name)) zones.withdraw(name);
    return false;
  }
}

/** A version that came meanwhile is at least as new, and a zone that went meanwhile stays away. */
function serveOver(zones: ServedZones, name: Name, image: ZoneImage): void {
  if (!zones.get(name) || isServed(zones, name)) giveImage(image);
  else zones.commit({ set: [firstDraft(image)] });
}

export function isServed(zones: Pick<ServedZones, 'get'>, name: Name): boolean {
  const image = zones.get(name);
  return image !== undefined && imageState(image) === ImageState.ready;
}
