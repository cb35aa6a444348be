import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  lchownSync,
  lstatSync,
  openSync,
  type Stats,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Machine } from '../drivers/driver.ts';
import { POLICY_SOCKET, SRS_SOCKET } from '../question-sockets.ts';
import { ownersOf } from './files.ts';

/** As whom the servers read the directory. */
const READER = 'postfix';

/**
 * Lets the mail servers read the directory, where it belongs to the user who asks: its folder and files become those of Postfix's group,
 * and that group may pass through the folder above. A server that reads as somebody else is not ours.
 * @returns why they cannot read it all the same; a public sentence
 */
export async function shareDirectory(
  path: string,
  uid: number,
  machine: Machine,
): Promise<string | undefined> {
  const { gid } = ownersOf({ path, owner: 'root', group: READER, mode: 0, content: undefined });
  inFolder(dirname(dirname(path)), uid, (above, { mode, gid: group }) => {
    if ((mode & 0o001) !== 0 || (group === gid && (mode & 0o010) !== 0)) return;
    fchownSync(above, uid, gid);
    fchmodSync(above, (mode & 0o700) | 0o010);
  });
  inFolder(dirname(path), uid, (folder) => {
    fchownSync(folder, uid, gid);
    // What is made in it belongs to the group, too.
    fchmodSync(folder, 0o2750);
    for (const suffix of ['', '-wal', '-shm', '-journal'])
      // By the open folder: what its path leads to may change meanwhile.
      shareFile(`/proc/self/fd/${folder}/${basename(path)}${suffix}`, uid, gid);
    for (const name of [POLICY_SOCKET, SRS_SOCKET]) shareSocket(`/proc/self/fd/${folder}/${name}`, uid, gid);
  });
  const as = [`--reuid=${READER}`, `--regid=${READER}`, '--clear-groups', '--'];
  const { status } = await machine.run('setpriv', [...as, 'test', '-r', path]);
  return status === 0
    ? undefined
    : `The mail servers, as the user ${READER}, cannot read ${path}: each folder above it must let them through. Under systemd the box needs a user of its own (docs/mail.md).`;
}

function inFolder(path: string, uid: number, change: (folder: number, found: Stats) => void): void {
  withOpen(path, constants.O_DIRECTORY, (folder) => {
    const found = fstatSync(folder);
    if (found.uid === uid) change(folder, found);
  });
}

function shareFile(path: string, uid: number, gid: number): void {
  withOpen(path, constants.O_NOFOLLOW | constants.O_NONBLOCK, (file) => {
    const found = fstatSync(file);
    // Another name of a file could stand for any other file of the same user.
    if (!found.isFile() || found.uid !== uid || found.nlink !== 1) return;
    fchownSync(file, uid, gid);
    fchmodSync(file, 0o640);
  });
}

/** One that the box made before the folder was the group's. A socket cannot be opened: whatever is there by then is of the same user. */
function shareSocket(path: string, uid: number, gid: number): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found?.isSocket() && found.uid === uid) lchownSync(path, uid, gid);
}

/** Nothing happens where there is none, or where it is something else. */
function withOpen(path: string, flags: number, use: (file: number) => void): void {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | flags);
  } catch {
    return;
  }
  try {
    use(file);
  } finally {
    closeSync(file);
  }
}
