import { Worker } from 'node:worker_threads';
import { programBeside } from '../core/program.ts';
import { Name } from '../dns/wire/name.ts';
import type { WholeZone, ZoneFeed } from '../zones/store.ts';

/** What the thread starts with. */
export interface FeedStart {
  /** The database. */
  path: string;
  /** What it fills with nodes, each when it is told to. */
  buffers: SharedArrayBuffer[];
}

/** Which of its buffers the thread may fill, or that it is not needed any more. */
export type FeedTask = number | 'end';

/** Zones whose nodes are in the buffer, one behind the other; none: that was all. */
export interface FeedBatch {
  buffer: number;
  zones: FedZone[];
}

export interface FedZone {
  id: number;
  name: string;
  records: number;
  /** Of its nodes; -1 where they are not in the buffer. */
  octets: number;
}

/** Octets of a buffer: about a hundred zones of mail domains. */
const BUFFER = 1024 * 1024;

/** Reads the zones of the database at `path` in a thread. While one buffer is worked on the thread fills the other. */
export function openZoneFeed(path: string): ZoneFeed {
  const buffers = [0, 1].map(() => new SharedArrayBuffer(BUFFER));
  const start: FeedStart = { path, buffers };
  const thread = new Worker(programBeside(import.meta.url, 'zone-feed-program'), { workerData: start });
  /** Batches that nobody has asked for, and those that did not come yet, in the order in which they come. */
  const unread: PromiseWithResolvers<FeedBatch>[] = [];
  const expected: PromiseWithResolvers<FeedBatch>[] = [];
  let failure: Error | undefined;
  let reading: number | undefined;

  const fill = (buffer: number): void => {
    const batch = Promise.withResolvers<FeedBatch>();
    // Whoever asks for it is told.
    batch.promise.catch(() => undefined);
    unread.push(batch);
    if (failure) batch.reject(failure);
    else {
      expected.push(batch);
      thread.postMessage(buffer satisfies FeedTask);
    }
  };
  const fail = (error: Error): void => {
    failure ??= error;
    for (const batch of expected.splice(0)) batch.reject(failure);
  };
  thread.on('message', (batch: FeedBatch) => expected.shift()?.resolve(batch));
  thread.on('error', fail);
  const ended = new Promise<void>((resolve) => {
    thread.once('exit', () => {
      fail(new Error('the thread that reads zones ended'));
      resolve();
    });
  });
  buffers.forEach((_, buffer) => fill(buffer));

  return {
    async next() {
      if (reading !== undefined) fill(reading);
      const { buffer, zones } = await unread.shift()!.promise;
      reading = buffer;
      return zones.length === 0 ? undefined : unpack(zones, new Uint8Array(buffers[buffer]!));
    },
    async close() {
      if (!failure) thread.postMessage('end' satisfies FeedTask);
      await ended;
    },
  };
}

function unpack(zones: readonly FedZone[], octets: Uint8Array): WholeZone[] {
  let at = 0;
  return zones.map(({ id, name, records, octets: length }) => {
    const zone = { id, name: Name.parse(name), records };
    if (length < 0) return { ...zone, nodes: undefined };
    const nodes = nodesIn(octets.subarray(at, at + length));
    at += length;
    return { ...zone, nodes };
  });
}

/** Nodes begin with their lengths. */
function nodesIn(octets: Uint8Array): Uint8Array[] {
  const lengths = new DataView(octets.buffer, octets.byteOffset, octets.length);
  const nodes: Uint8Array[] = [];
  for (let at = 0; at < octets.length;) {
    const node = octets.subarray(at, at + lengths.getUint32(at));
    nodes.push(node);
    at += node.length;
  }
  return nodes;
}
