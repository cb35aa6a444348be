import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { Random } from './random.ts';

/** Octets: AES-256. */
const KEY_SIZE = 32;

/** The key in `path`; undefined when there is no such file. @throws Error when it is no key. */
export function readSecretKey(path: string): Uint8Array | undefined {
  if (!existsSync(path)) return undefined;
  const key = Buffer.from(readFileSync(path, 'utf8').trim(), 'hex');
  if (key.length !== KEY_SIZE)
    throw new Error(`${path} holds no key of ${KEY_SIZE} octets in hex; put back the file of your backup.`);
  return key;
}

/**
 * Makes the key file, readable by its owner only. It appears complete or not at all, and is on the disk when this returns.
 * @throws Error when the file exists.
 */
export function createSecretKey(path: string, random: Random): Uint8Array {
  const key = random.bytes(KEY_SIZE);
  const partial = `${path}.new`;
  if (existsSync(partial)) unlinkSync(partial);
  const file = openSync(partial, 'wx', 0o600);
  try {
    writeSync(file, `${Buffer.from(key).toString('hex')}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  // A link, not a rename: it never replaces a key that is there.
  linkSync(partial, path);
  unlinkSync(partial);
  syncDirectory(dirname(path));
  return key;
}

function syncDirectory(path: string): void {
  const directory = openSync(path, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
