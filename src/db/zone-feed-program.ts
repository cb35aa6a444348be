import { parentPort, workerData } from 'node:worker_threads';
import BetterSqlite3 from 'better-sqlite3';
import { nodeOctets } from './node-octets.ts';
import type { FedZone, FeedBatch, FeedStart, FeedTask } from './zone-feed.ts';

/**
 * A thread that reads all active zones with their nodes, in the order in which they were made, which is about that in which they lie in the
 * file. What it cannot read, and large zones, it only names.
 */

/** A zone with more records is read slice by slice, which must be of one state. */
const MOST_RECORDS = 500;
/** Rows of zones that are read at once. */
const PAGE = 500;

type ZoneRow = Omit<FedZone, 'octets'>;

const { path, buffers } = workerData as FeedStart;
const sqlite = new BetterSqlite3(path, { readonly: true, timeout: 5000 });
// The plus keeps it from the index of active zones, which has another order.
const zonesAfter = sqlite.prepare<[number, number], ZoneRow>(
  'SELECT id, name, records FROM zones WHERE +active = 1 AND id > ? ORDER BY id LIMIT ?',
);
const nodesOf = sqlite
  .prepare<[number], Buffer>('SELECT node FROM zone_nodes WHERE zone_id = ? ORDER BY kind, key')
  .pluck();
const zones = readZones();
/** What had no room in the last buffer. */
let left: { row: ZoneRow; nodes: Buffer[]; octets: number } | undefined;

function* readZones(): Generator<ZoneRow> {
  for (let after = 0; ;) {
    const page = zonesAfter.all(after, PAGE);
    yield* page;
    if (page.length < PAGE) return;
    after = page.at(-1)!.id;
  }
}

function fill(buffer: number): FeedBatch {
  const target = new Uint8Array(buffers[buffer]!);
  const batch: FedZone[] = [];
  let used = 0;
  for (;;) {
    const zone = left ?? next();
    left = undefined;
    if (!zone) break;
    if (used + zone.octets > target.length) {
      left = zone;
      break;
    }
    batch.push({ ...zone.row, octets: zone.octets === 0 ? -1 : zone.octets });
    for (const node of zone.nodes) {
      target.set(node, used);
      used += node.length;
    }
    if (batch.length === PAGE) break;
  }
  return { buffer, zones: batch };
}

/** The next zone; without nodes where they are not for the buffer. */
function next(): typeof left {
  const { value: row } = zones.next() as IteratorResult<ZoneRow, undefined>;
  if (!row) return undefined;
  const nodes = row.records > MOST_RECORDS ? [] : readNodes(row.id);
  const octets = nodes.reduce((sum, node) => sum + node.length, 0);
  return octets > buffers[0]!.byteLength ? { row, nodes: [], octets: 0 } : { row, nodes, octets };
}

function readNodes(id: number): Buffer[] {
  try {
    return nodesOf.all(id).map(nodeOctets);
  } catch {
    // Whoever reads the zone itself is told why.
    return [];
  }
}

parentPort?.on('message', (task: FeedTask) => {
  if (task !== 'end') parentPort?.postMessage(fill(task));
  else {
    sqlite.close();
    parentPort?.close();
  }
});
