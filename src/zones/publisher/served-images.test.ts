import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { copyZones } from '../../../test/kit/copy-zones.ts';
import { updateImage } from '../../../test/kit/images.ts';
import { domain, name, person, startZones } from '../../../test/kit/zones-box.ts';
import { type Clock, systemClock } from '../../core/clock.ts';
import { openDatabase } from '../../db/database.ts';
import { openRows } from '../../db/storage.ts';
import { openZoneFeed } from '../../db/zone-feed.ts';
import { ImageField, imageField, ImageState, imageState } from '../../dns/zone/image.ts';
import { createServedZones, type ServedZones } from '../../dns/zone/served-zones.ts';
import { type ZoneFeed, zoneRows } from '../store.ts';
import { createServedImages } from './served-images.ts';

const ends: (() => unknown)[] = [];
let data: string;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'signpost-images-'));
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  rmSync(data, { recursive: true, force: true });
});

const HOST = 'box.example.net';

/** A box that has these domains beside its own zone, and was stopped. */
async function stoppedBox(domains: readonly string[], records = 0): Promise<void> {
  const zones = await startZones({ data });
  for (const each of domains) await zones.domains.add(person, domain(each));
  if (records > 0)
    await zones.records.add(
      person,
      name(domains[0]!),
      Array.from({ length: records }, (_, i) => ({
        owner: `h${i}.${domains[0]!}`,
        type: 'A',
        value: '192.0.2.9',
      })),
    );
  await zones.close();
}

/** By it every piece of work takes so long that it has to rest. */
function hastyClock(): Clock {
  let time = 0;
  return { ...systemClock, monotonic: () => (time += 1000) };
}

function isSettled(zones: ServedZones, zone: string): boolean {
  return imageField(zones.get(name(zone))!, ImageField.settled) === 1;
}

/** Its zones as they are when it starts again; `order`: what was read, zone by zone. `started`: when the other thread gives its first. */
async function startAgain({
  announced = true,
  copies = 0,
  feedPages = Infinity,
  started = Promise.resolve<unknown>(undefined),
} = {}) {
  const path = join(data, 'signpost.sqlite');
  const database = openDatabase(path);
  ends.push(() => database.close());
  await database.write(({ sqlite }) => copyZones(sqlite, 'a.example', copies));
  const feeds: string[] = [];
  /** The other thread, which fails after so many pages. */
  const feed = (): ZoneFeed => {
    const opened = openZoneFeed(path);
    let left = feedPages;
    const index = feeds.push('opened') - 1;
    return {
      async next() {
        await started;
        if (left-- > 0) return opened.next();
        throw new Error('the disk does not answer');
      },
      async close() {
        await opened.close();
        feeds[index] = 'closed';
      },
    };
  };
  const read = openRows(database).committed.rows(zoneRows);
  const zones = createServedZones({ spoils: true });
  const unreadable: string[] = [];
  const order: string[] = [];
  const slices: number[] = [];
  const images = createServedImages({
    reads: {
      ...read,
      nodeSlice(id, after, limit) {
        const rows = read.nodeSlice(id, after, limit);
        const zone = read.activeZones({ after: undefined, limit: 1000 }).find((row) => row.id === id);
        if (!after) order.push(zone?.name.toText() ?? 'inactive');
        slices.push(rows.length);
        return rows;
      },
    },
    feed,
    zones,
    clock: announced ? systemClock : hastyClock(),
    onUnreadable: (zone) => unreadable.push(zone.toText()),
  });
  if (announced) await images.announce();
  const stateOf = (zone: string): ImageState | undefined => {
    const image = zones.get(name(zone));
    return image && imageState(image);
  };
  return { database, read, zones, images, unreadable, order, slices, stateOf, feeds };
}

describe('zones at the start', () => {
  it('are all known at once, and loaded in the order of importance', async () => {
    await stoppedBox(['a.example', 'b.example', 'c.example', 'd.example']);
    const { zones, images, order, stateOf } = await startAgain();
    expect(zones.size).toBe(5);
    expect(stateOf('c.example')).toBe(ImageState.notLoaded);
    expect(images.loading).toEqual({ done: 0, total: 5 });
    images.want(name('c.example'));
    await images.load([name(HOST)]);
    expect(order).toEqual(['c.example', HOST, 'a.example', 'b.example', 'd.example']);
    expect(images.loading).toEqual({ done: 5, total: 5 });
    expect([...zones.all()].map(imageState)).toEqual(Array(5).fill(ImageState.ready));
    expect(images.view(name('d.example'))?.size).toBeGreaterThan(10);
    // What was only known has given its memory back.
    for (let garbage = zones.collect(); garbage; garbage = zones.collect()) garbage.free();
    expect(zones.garbage).toBe(0);
  });

  it('one that is wanted before all are known is answered from at once, with those below it', async () => {
    await stoppedBox(['a.example', 'b.example', 'z.example']);
    const { database, zones, images, order, stateOf } = await startAgain({ announced: false });
    // As zones lie in each other only where somebody wrote so.
    await database.write(({ sqlite }) => {
      sqlite
        .prepare(
          `INSERT INTO zones (key, name, active, denial, records)
           SELECT ?, 'sub.z.example', 1, denial, records FROM zones WHERE name = 'z.example'`,
        )
        .run(name('sub.z.example').sortKey);
    });
    const announced = images.announce();
    expect(zones.announcing).toBe(true);
    expect(zones.size).toBe(1);
    for (const each of ['www.Z.example', 'nobody.test']) images.want(name(each));
    // Until it rests again, which this clock has it do after each zone.
    await expect.poll(() => stateOf('z.example'), { interval: 0 }).toBe(ImageState.ready);
    expect(order).toEqual(['z.example']);
    expect(stateOf('sub.z.example')).toBe(ImageState.notLoaded);
    expect(isSettled(zones, 'z.example')).toBe(true);
    expect(isSettled(zones, 'sub.z.example')).toBe(false);
    await announced;
    expect(zones.announcing).toBe(false);
    expect(zones.size).toBe(5);
    expect(images.loading).toEqual({ done: 1, total: 5 });
  });

  it('stop being announced', async () => {
    await stoppedBox(['a.example', 'b.example']);
    const { zones, images } = await startAgain({ announced: false });
    const announced = images.announce();
    await Promise.all([images.stop(), announced]);
    // What is not known is not refused.
    expect(zones.announcing).toBe(true);
    expect(zones.size).toBeLessThan(3);
  });

  it('many come from another thread, those that are wanted first all the same', async () => {
    await stoppedBox(['a.example', 'z.example']);
    const { zones, images, order, feeds, unreadable } = await startAgain({ copies: 600 });
    images.want(name('copy500.example'));
    const loaded = images.load([name(HOST)]);
    await expect.poll(() => feeds.length, { interval: 0 }).toBe(1);
    images.want(name('z.example'));
    await loaded;
    expect(order.slice(0, 2)).toEqual(['copy500.example', HOST]);
    // The rest was not read here, but for what was wanted before it came.
    expect(order.length).toBeLessThan(5);
    expect([...zones.all()].map(imageState)).toEqual(Array(603).fill(ImageState.ready));
    expect(images.loading).toEqual({ done: 603, total: 603 });
    expect(images.view(name('copy599.example'))?.size).toBeGreaterThan(10);
    expect(unreadable).toEqual([]);
  });

  it('what is wanted while the other thread starts does not wait for it', async () => {
    await stoppedBox(['a.example', 'z.example']);
    const started = Promise.withResolvers<undefined>();
    const { images, feeds, stateOf } = await startAgain({ copies: 600, started: started.promise });
    const loaded = images.load([name(HOST)]);
    await expect.poll(() => feeds.length, { interval: 0 }).toBe(1);
    images.want(name('z.example'));
    await expect.poll(() => stateOf('z.example'), { interval: 0 }).toBe(ImageState.ready);
    expect(images.loading).toEqual({ done: 2, total: 603 });
    started.resolve(undefined);
    await loaded;
    expect(images.loading.done).toBe(603);
  });

  it('what the other thread does not give is read here, and what is damaged told', async () => {
    await stoppedBox(['a.example', 'b.example']);
    const { database, zones, images, feeds, unreadable } = await startAgain({ copies: 600, feedPages: 1 });
    await database.write(({ sqlite }) => {
      sqlite.exec(
        "UPDATE zone_nodes SET node = substr(node, 1, 40) WHERE zone_id IN (SELECT id FROM zones WHERE name IN ('b.example', 'copy599.example'))",
      );
    });
    await images.load([]);
    expect(feeds).toEqual(['closed']);
    expect(unreadable).toEqual(['b.example', 'copy599.example']);
    expect([...zones.all()].filter((image) => imageState(image) === ImageState.ready)).toHaveLength(601);
    expect(images.loading).toEqual({ done: 603, total: 603 });
    for (let garbage = zones.collect(); garbage; garbage = zones.collect()) garbage.free();
    expect(zones.garbage).toBe(0);
  });

  it('one that changes while it is read elsewhere is served as it was changed', async () => {
    await stoppedBox(['a.example']);
    const { read, zones, images } = await startAgain({ copies: 600 });
    const loaded = images.load([]);
    const change = images.change();
    const row = read.zone(name('copy300.example'))!;
    const before = (await change.before(read, row))!;
    change.add(updateImage(before, [{ kind: 'name', owner: name('www.copy300.example'), node: undefined }]));
    change.commit([name('copy301.example')]);
    await loaded;
    expect(images.view(name('copy300.example'))?.node(name('www.copy300.example'))).toBeUndefined();
    expect(images.view(name('copy302.example'))?.node(name('www.copy302.example'))).toBeDefined();
    expect(zones.get(name('copy301.example'))).toBeUndefined();
    expect(zones.size).toBe(601);
  });

  it('those that are damaged are told, and keep none of the others', async () => {
    await stoppedBox(['a.example', 'b.example']);
    const { database, images, unreadable, stateOf, zones } = await startAgain();
    await database.write(({ sqlite }) => {
      sqlite.exec(
        "UPDATE zone_nodes SET node = substr(node, 1, 40) WHERE zone_id = (SELECT id FROM zones WHERE name = 'a.example')",
      );
    });
    await images.load([]);
    expect(unreadable).toEqual(['a.example']);
    expect(stateOf('a.example')).toBe(ImageState.damaged);
    expect(stateOf('b.example')).toBe(ImageState.ready);
    expect(zones.refused()).toMatchObject([{ reason: expect.stringContaining('damaged') as unknown }]);
    expect(images.view(name('a.example'))).toBeUndefined();
    expect(images.loading).toEqual({ done: 3, total: 3 });
  });

  it('a view or a change of one that is not loaded loads it, once', async () => {
    await stoppedBox(['a.example', 'b.example']);
    const { read, images, order, stateOf } = await startAgain();
    expect(images.view(name('a.example'))?.size).toBeGreaterThan(10);
    expect(stateOf('a.example')).toBe(ImageState.ready);
    const change = images.change();
    const row = read.zone(name('b.example'))!;
    const [first, second] = await Promise.all([change.before(read, row), change.before(read, row)]);
    expect(first).toEqual(second);
    change.discard();
    await images.load([]);
    expect(order).toEqual(['a.example', 'b.example', HOST]);
    expect(images.loading.done).toBe(3);
  });

  it('a large one is read in slices, and whoever wants another one meanwhile gets it next', async () => {
    await stoppedBox(['a.example', 'b.example', 'z.example'], 1500);
    const { images, order, slices, stateOf } = await startAgain();
    const loaded = images.load([name('a.example')]);
    // The slices have begun; the others wait.
    images.want(name('z.example'));
    expect(stateOf('b.example')).toBe(ImageState.notLoaded);
    await loaded;
    expect(order.slice(0, 2)).toEqual(['a.example', 'z.example']);
    expect(slices.filter((rows) => rows === 500).length).toBeGreaterThanOrEqual(3);
    expect(Math.max(...slices)).toBe(500);
  });

  it('one that changes while it is read is served as it was changed', async () => {
    await stoppedBox(['a.example']);
    const { read, zones, images } = await startAgain();
    const loaded = images.load([]);
    const change = images.change();
    const row = read.zone(name('a.example'))!;
    const before = (await change.before(read, row))!;
    change.add(updateImage(before, [{ kind: 'name', owner: name('www.a.example'), node: undefined }]));
    change.commit([]);
    await loaded;
    expect(images.view(name('a.example'))?.node(name('www.a.example'))).toBeUndefined();
    expect(zones.size).toBe(2);
  });

  it('stops in between', async () => {
    await stoppedBox(['a.example', 'b.example', 'c.example']);
    const { images, order } = await startAgain();
    const loaded = images.load([]);
    await Promise.all([images.stop(), loaded]);
    expect(order.length).toBeLessThan(4);
    await setImmediate();
    expect(order.length).toBeLessThan(4);
  });
});

describe('a change of images', () => {
  it('leaves nothing behind when it is discarded, nor when the zone was not active', async () => {
    await stoppedBox(['a.example', 'b.example']);
    const { database, read, zones, images } = await startAgain();
    await images.load([]);
    await database.write(({ sqlite }) => {
      sqlite.exec("UPDATE zones SET active = 0 WHERE name = 'b.example'");
    });
    zones.commit({ remove: [name('b.example')] });
    for (let garbage = zones.collect(); garbage; garbage = zones.collect()) garbage.free();
    const { used } = zones.memory.figures();
    for (const zone of ['a.example', 'b.example']) {
      const change = images.change();
      const before = (await change.before(read, read.zone(name(zone))!))!;
      change.add(updateImage(before, [{ kind: 'name', owner: name(`www.${zone}`), node: undefined }]));
      expect(zones.memory.figures().used).toBeGreaterThan(used);
      change.discard();
      change.discard();
      expect(zones.memory.figures().used).toBe(used);
    }
    expect(images.view(name('a.example'))?.node(name('www.a.example'))).toBeDefined();
    // A zone that comes back, and then changes.
    const change = images.change();
    const before = (await change.before(read, read.zone(name('b.example'))!))!;
    change.add(updateImage(before, [{ kind: 'name', owner: name('www.b.example'), node: undefined }]));
    change.commit([]);
    change.discard();
    for (let garbage = zones.collect(); garbage; garbage = zones.collect()) garbage.free();
    expect(images.view(name('b.example'))?.node(name('www.b.example'))).toBeUndefined();
    zones.commit({ remove: [name('b.example')] });
    for (let garbage = zones.collect(); garbage; garbage = zones.collect()) garbage.free();
    expect(zones.memory.figures().used).toBe(used);
  });
});
