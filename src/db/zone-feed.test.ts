import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { domain, person, startZones } from '../../test/kit/zones-box.ts';
import { copyZones } from '../../test/kit/copy-zones.ts';
import { type WholeZone, zoneRows } from '../zones/store.ts';
import { type Database, openDatabase } from './database.ts';
import { openRows } from './storage.ts';
import { openZoneFeed } from './zone-feed.ts';

let data: string;
let path: string;
let database: Database;
beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'signpost-feed-'));
  path = join(data, 'signpost.sqlite');
  const zones = await startZones({ data });
  for (const each of ['a.example', 'b.example', 'large.example'])
    await zones.domains.add(person, domain(each));
  await zones.close();
  database = openDatabase(path);
  await database.write(({ sqlite }) => {
    // More than both buffers hold.
    copyZones(sqlite, 'a.example', 400);
    sqlite.exec(`UPDATE zones SET records = 501 WHERE name = 'large.example';
      UPDATE zone_nodes SET node = substr(node, 1, 40) WHERE zone_id = (SELECT id FROM zones WHERE name = 'b.example');
      UPDATE zones SET active = 0 WHERE name = 'copy7.example'`);
  });
}, 60_000);
afterAll(async () => {
  await database.close();
  rmSync(data, { recursive: true, force: true });
});

/** What the feed gives, with copies of the nodes. */
async function readAll(): Promise<WholeZone[]> {
  const feed = openZoneFeed(path);
  const found: WholeZone[] = [];
  for (let page = await feed.next(); page; page = await feed.next())
    for (const zone of page) found.push({ ...zone, nodes: zone.nodes?.map((node) => node.slice()) });
  await feed.close();
  return found;
}

describe('zones read in a thread', () => {
  it('are all active ones, with their nodes as they are stored', async () => {
    const reads = openRows(database).committed.rows(zoneRows);
    const found = await readAll();
    expect(found.map(({ id }) => id)).toEqual(found.map(({ id }) => id).sort((a, b) => a - b));
    expect(found.map((zone) => zone.name.toText()).sort()).toEqual(
      reads
        .activeNames({ after: undefined, limit: 1000 })
        .map((each) => each.toText())
        .sort(),
    );
    expect(found.length).toBe(403);
    for (const zone of found.filter(({ nodes }) => nodes)) {
      const nodes = reads.nodeSlice(zone.id, undefined, 500);
      expect(zone.nodes!.map((node) => Buffer.from(node).toString('hex'))).toEqual(
        nodes.map((node) => Buffer.from(node).toString('hex')),
      );
    }
  });

  it('large and damaged ones are named, and read by whoever wants them', async () => {
    const without = (await readAll()).filter(({ nodes }) => !nodes);
    expect(without.map((zone) => zone.name.toText()).sort()).toEqual(['b.example', 'large.example']);
  });

  it('end when nobody wants more', async () => {
    const feed = openZoneFeed(path);
    expect((await feed.next())!.length).toBeGreaterThan(10);
    await feed.close();
    // What had come already may be read.
    await feed.next().catch(() => undefined);
    await expect(feed.next()).rejects.toThrow('ended');
  });

  it('that cannot be read there are told so', async () => {
    const feed = openZoneFeed(join(data, 'nothing.sqlite'));
    await expect(feed.next()).rejects.toThrow();
    await feed.close();
  });
});
