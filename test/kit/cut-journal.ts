import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Random, randomInteger } from '../../src/core/random.ts';

const DATABASE = 'signpost.sqlite';
const JOURNAL = `${DATABASE}-wal`;

/*
 * A process that is killed leaves the files as its last write left them. SQLite appends what it commits to its journal (the WAL), first the
 * header of the journal, then the header and the page of each frame; the database itself is written only when the journal is emptied. So
 * each state in which `kill -9` can leave a change is the database from before it and the beginning of the journal.
 */

/** What a change wrote. */
export interface Written {
  /** The database before it. */
  database: Buffer;
  /** The whole journal; its part from before the change was empty. */
  journal: Buffer;
  /** Octets of the journal after each write, none first. */
  writes: number[];
}

/** Runs changes on a database whose journal is empty, and keeps what they wrote. */
export async function recordWrites(data: string, change: () => Promise<unknown>): Promise<Written> {
  const before = readFileSync(join(data, DATABASE));
  if (read(data, JOURNAL).length > 0) throw new Error('the journal is not empty');
  await change();
  if (!readFileSync(join(data, DATABASE)).equals(before))
    throw new Error('the journal was emptied meanwhile');
  const journal = read(data, JOURNAL);
  return { database: before, journal, writes: writesOf(journal) };
}

function read(data: string, file: string): Buffer {
  const path = join(data, file);
  return existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
}

/** https://sqlite.org/fileformat2.html#the_write_ahead_log */
function writesOf(journal: Buffer): number[] {
  const [header, frameHeader, pageSize] = [32, 24, journal.readUInt32BE(8)];
  const writes = [0];
  for (let at = header; at < journal.length; at += frameHeader + pageSize) writes.push(at, at + frameHeader);
  return [...writes, journal.length];
}

/** Makes a data folder as a kill left it after so many octets of the journal. */
export function cutAt(folder: string, { database, journal }: Written, octets: number): string {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, DATABASE), database);
  if (octets > 0) writeFileSync(join(folder, JOURNAL), journal.subarray(0, octets));
  return folder;
}

/** A copy of what a box that is stopped keeps. */
export function copyDatabase(from: string, to: string): string {
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  copyFileSync(join(from, DATABASE), join(to, DATABASE));
  return to;
}

/** Places in the journal, in the middle of a write as often as not. */
export function randomCuts({ journal, writes }: Written, random: Random, count: number): number[] {
  return Array.from({ length: count }, () =>
    random.float() < 0.5
      ? writes[randomInteger(random, writes.length)]!
      : randomInteger(random, journal.length + 1),
  );
}
