import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Clock } from './core/clock.ts';
import type { Random } from './core/random.ts';
import { createSealer } from './core/seal.ts';
import { readSecretKey } from './core/secret-key.ts';
import { copiesIn, dayOf } from './db/copies.ts';
import { inspectCopy, renewAllZones } from './db/restorable.ts';
import { StartError } from './start-error.ts';
import { CHECK, lockFolder, opensCheck } from './storage.ts';

export interface RestoreOptions {
  clock: Clock;
  random: Random;
}

/**
 * Puts back a copy of the database: `newest` of those in the data folder, or a file. What was there before is kept aside.
 * @returns what was done, for the person
 * @throws StartError when it cannot be; then nothing was changed
 */
export function restoreCopy(data: string, which: string, options: RestoreOptions): string {
  if (!existsSync(data))
    throw new StartError('flags', `There is no data folder ${data}; name it with --data.`);
  const unlock = lockFolder(data, join(data, 'lock'));
  try {
    return restore(data, chosen(data, which), options);
  } finally {
    unlock();
  }
}

function chosen(data: string, which: string): string {
  if (which !== 'newest') {
    if (!existsSync(which)) throw new StartError('flags', `There is no file ${which} (--restore).`);
    return which;
  }
  const [newest] = copiesIn(data);
  if (!newest)
    throw new StartError('flags', `There is no copy in ${join(data, 'copies')}; name a file with --restore.`);
  return newest.path;
}

function restore(data: string, copy: string, { clock, random }: RestoreOptions): string {
  checkKey(data, copy, random);
  const file = join(data, 'signpost.sqlite');
  const part = `${file}.restored`;
  try {
    copyFileSync(copy, part);
    renewAllZones(part);
    toDisk(part);
  } catch (error) {
    rmSync(part, { force: true });
    throw new StartError('data', `The copy cannot be put back into ${data}: ${(error as Error).message}.`, {
      cause: error,
    });
  }
  const aside = setAside(data, file, clock);
  renameSync(part, file);
  toDisk(data);
  const was = copiesIn(data).find(({ path }) => path === copy)?.at ?? statSync(copy).mtimeMs;
  const kept =
    aside === undefined ? '' : ` What was there before is in ${aside}: remove it when all is well.`;
  return `Put back: ${copy}, of ${dayOf(was)}.${kept} Start the box as always: it signs and publishes every zone anew, and docs/repair.md says what is now as it was then.`;
}

/** @throws StartError when the copy is damaged, too, or belongs to another box */
function checkKey(data: string, copy: string, random: Random): void {
  const { faults, check } = inspectCopy(copy, CHECK);
  if (faults.length > 0)
    throw new StartError(
      'data',
      `The copy ${copy} is damaged, too (${faults.join('; ')}): name an older one with --restore.`,
    );
  const path = join(data, 'secret.key');
  const key = readSecretKey(path);
  if (!key)
    throw new StartError(
      'data',
      `${path} is missing, and without it the private keys of the copy cannot be read; put it back from your backup.`,
    );
  if (!check || !opensCheck(createSealer(key, random), check))
    throw new StartError(
      'data',
      `${path} is not the key of ${copy}: put back the one that belongs to it, or name another copy.`,
    );
}

/**
 * Keeps the database that was there. The file itself stays in its place until the copy takes it: a start in between must find one. Its journal goes,
 * as it would be laid over the copy.
 */
function setAside(data: string, file: string, clock: Clock): string | undefined {
  if (!existsSync(file)) return undefined;
  const folder = join(data, `damaged-${new Date(clock.now()).toISOString().replace(/[:.]/g, '')}`);
  mkdirSync(folder, { mode: 0o700 });
  linkSync(file, join(folder, 'signpost.sqlite'));
  for (const end of ['-wal', '-shm'])
    if (existsSync(file + end)) renameSync(file + end, join(folder, `signpost.sqlite${end}`));
  return folder;
}

function toDisk(path: string): void {
  const file = openSync(path, 'r');
  fsyncSync(file);
  closeSync(file);
}
