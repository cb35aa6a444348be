import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { RenderedFile } from '../drivers/driver.ts';

/** Seconds that a settled file has been there: more than Postfix waits for. */
const SETTLED = 5;

/** A file as it is on the machine. */
export interface LiveFile {
  content: Buffer;
  mode: number;
  uid: number;
  gid: number;
  /** Whether it is to look as if it had been there for some seconds (`RenderedFile.settled`). */
  settled?: boolean | undefined;
  /** Of a symbolic link, which `content` is the text of: where it leads. */
  link?: string;
}

export const sha256 = (content: string | Buffer): string =>
  createHash('sha256').update(content).digest('hex');

/** What is at the path; undefined for nothing. A link is never followed: it could lead anywhere. @throws Error for what is neither */
export function readLive(path: string): LiveFile | undefined {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  const { mode, uid, gid } = stat;
  if (stat.isSymbolicLink()) {
    const link = readlinkSync(path);
    return { content: Buffer.from(link), mode: mode & 0o7777, uid, gid, link };
  }
  if (!stat.isFile()) throw new Error(`${path} is not a plain file`);
  return { content: readFileSync(path), mode: mode & 0o7777, uid, gid };
}

/** Whole or not at all, even when the machine loses power. */
export function writeWhole(path: string, file: LiveFile): void {
  replaceFile(path, file, fsyncSync);
  syncFolder(dirname(path));
}

/** Whole or not at all, as long as the machine does not lose power. */
export function replaceFile(
  path: string,
  { content, mode, uid, gid, link, settled }: LiveFile,
  sync?: (file: number) => void,
): void {
  const part = `${path}.signpost-new`;
  rmSync(part, { force: true });
  if (link !== undefined) {
    symlinkSync(link, part);
    renameSync(part, path);
    return;
  }
  const file = openSync(part, 'wx', 0o600);
  try {
    writeFileSync(file, content);
    sync?.(file);
  } finally {
    closeSync(file);
  }
  chownSync(part, uid, gid);
  chmodSync(part, mode);
  if (settled) settle(part);
  try {
    renameSync(part, path);
  } catch (error) {
    // Containers have a file of their host's mounted at /etc/resolv.conf: it can be written, and not be replaced.
    if ((error as NodeJS.ErrnoException).code !== 'EBUSY') throw error;
    rmSync(part);
    writeFileSync(path, content, { flush: true });
  }
}

/** Makes a file look as if it had been there for some seconds, by the clock of its file system. */
export function settle(path: string): void {
  const changedAt = statSync(path).mtimeMs / 1000 - SETTLED;
  utimesSync(path, changedAt, changedAt);
}

function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  fsyncSync(folder);
  closeSync(folder);
}

/** Makes it if need be, and gives it to its owner. */
export function makeFolder({ path, owner, group, mode }: RenderedFile): void {
  mkdirSync(path, { recursive: true });
  chownSync(path, idOf('passwd', owner), idOf('group', group));
  chmodSync(path, mode);
}

export const ownersOf = ({ owner, group }: RenderedFile): { uid: number; gid: number } => {
  return { uid: idOf('passwd', owner), gid: idOf('group', group) };
};

/** Of Debian's packages, which put their users into these files. @throws Error for one that is not there */
function idOf(database: 'passwd' | 'group', name: string): number {
  const line = readFileSync(`/etc/${database}`, 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`));
  if (line === undefined) throw new Error(`there is no ${name} in /etc/${database}`);
  return Number(line.split(':')[2]);
}
