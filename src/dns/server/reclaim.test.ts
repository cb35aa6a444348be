import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createImage } from '../../../test/kit/images.ts';
import { createLog } from '../../core/log.ts';
import { Type } from '../type-codes.ts';
import { Name } from '../wire/name.ts';
import { blockAt, IMAGE_HEADER, ImageField, imageField, type ZoneImage } from '../zone/image.ts';
import { firstDraft } from '../zone/image-update.ts';
import { createServedZones } from '../zone/served-zones.ts';
import { startReclaiming } from './reclaim.ts';
import type { WorkerRequest } from './worker-handle.ts';

const log = createLog({ level: 'silent' });
const origin = Name.parse('example.com.');

/** Zones, and workers that pause when the test lets them. */
function setUp() {
  const zones = createServedZones({ spoils: true });
  const requests: WorkerRequest[] = [];
  const pinned = new Set<number>();
  let passOn: (() => void) | undefined;
  const crew = {
    request(request: WorkerRequest) {
      requests.push(request);
      return new Promise<[]>((resolve) => (passOn = () => resolve([])));
    },
    sendSlab: () => undefined,
    pinned: () => pinned,
  };
  const reclaiming = startReclaiming(zones, crew, log);
  const pause = async (): Promise<void> => {
    passOn?.();
    await setImmediate();
  };
  /** Serves another version, with so many octets of rdata. */
  const change = (octets = 1000): void => {
    const record = (type: number, size: number) => ({
      owner: origin,
      type,
      ttl: 60,
      rdatas: Array.from({ length: Math.ceil(size / 60_000) }, () => new Uint8Array(Math.min(size, 60_000))),
      signatures: [],
    });
    const node = { owner: origin, rrsets: [record(Type.SOA, 30), record(Type.TXT, octets)] };
    const { image } = createImage(zones.memory, origin, [{ kind: 'name', owner: origin, node }]);
    zones.commit({ set: [firstDraft(image)] });
  };
  return { zones, requests, reclaiming, pause, change, pinned };
}

test('a version is given back when all workers have paused since, many at once', async () => {
  const { zones, requests, pause, change } = setUp();
  change();
  const { used } = zones.memory.figures();
  for (let i = 0; i < 100; i++) change();
  await setImmediate();
  expect(requests).toHaveLength(1);
  for (let i = 0; i < 100; i++) change();
  await setImmediate();
  // They came while a pause was under way, so it says nothing of them.
  expect(requests).toHaveLength(1);
  expect(zones.memory.figures().used).toBeGreaterThan(100 * used);
  await pause();
  expect(requests).toHaveLength(2);
  expect(zones.memory.figures().used).toBeLessThan(110 * used);
  await pause();
  expect(requests).toHaveLength(2);
  expect(zones.garbage).toBe(0);
  expect(zones.memory.figures().used).toBe(used);
});

test('changes wait for a worker that does not pause only when it would cost too much memory', async () => {
  const { zones, reclaiming, pause, change } = setUp();
  change(8_000_000);
  change(8_000_000);
  await reclaiming.keepUp();
  expect(zones.garbage).toBeGreaterThan(8_000_000);
  for (let i = 0; i < 10; i++) change(8_000_000);
  let kept = false;
  void reclaiming.keepUp().then(() => (kept = true));
  await setImmediate();
  expect(kept).toBe(false);
  // The last one is for the pages of slabs that went.
  for (let pauses = 0; pauses < 3; pauses++) await pause();
  expect(kept).toBe(true);
  expect(zones.garbage).toBe(0);
});

test('nothing is given back, and nothing waits, once it is stopped', async () => {
  const { zones, requests, reclaiming, pause, change } = setUp();
  change();
  change();
  await setImmediate();
  reclaiming.stop();
  change();
  await pause();
  expect(requests).toHaveLength(1);
  expect(zones.garbage).toBeGreaterThan(0);
  await reclaiming.keepUp();
});

test('a version that a transfer reads is held, with those after it in its memory, until it is let go', async () => {
  const { zones, reclaiming, pause, change, pinned } = setUp();
  change();
  const version = zones.get(origin)!;
  const octets = (): string => Buffer.from(imageBytes(version)).toString('hex');
  const before = octets();
  pinned.add(imageField(version, ImageField.arena));
  change();
  change();
  await setImmediate();
  await pause();
  await pause();
  expect(octets()).toBe(before);
  expect(zones.garbage).toBe(0);
  expect(zones.held).toBeGreaterThan(0);
  // Nothing waits for it.
  await reclaiming.keepUp();
  pinned.clear();
  reclaiming.letGo();
  expect(zones.held).toBe(0);
  expect(octets()).not.toBe(before);
});

/** The memory of a version, whether it is given back or not. */
function imageBytes({ memory, address }: ZoneImage): Uint8Array {
  const { bytes, octet } = blockAt(memory.pages, address);
  return bytes.slice(octet + 4 * IMAGE_HEADER, octet + 1000);
}
