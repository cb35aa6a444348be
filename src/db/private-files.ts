import { chmodSync, closeSync, existsSync, openSync, statSync } from 'node:fs';

/** The bits of the group and of all others. */
const OTHERS = 0o077;
/**
 * Of these, the rights to write to a folder, and that of all others to list it. They may pass through: the mail servers do, to `mail`, and
 * every other file is its owner's alone.
 */
const LIST_OR_WRITE = 0o026;

/**
 * Makes `path`, which SQLite is about to open, where it is missing: readable by its owner only. SQLite would make it as the umask says,
 * and gives its journal the rights of the database.
 */
export function createPrivately(path: string): void {
  if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600));
}

/** Takes the rights of all others on those of `paths` that exist. @returns a sentence about each that could not be changed */
export function keepPrivate(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
    if ((mode & OTHERS) === 0) return [];
    try {
      chmodSync(path, mode & 0o700);
      return [];
    } catch (error) {
      const { message } = error as Error;
      return [
        `Others on this machine may read or hold ${path}: make it its owner's alone with chmod 600 (${message}).`,
      ];
    }
  });
}

/** A sentence about a folder that others can list or write to. */
export function folderWarnings(path: string): string[] {
  if ((statSync(path).mode & LIST_OR_WRITE) === 0) return [];
  return [
    `Others on this machine can list the data folder ${path} or write to it: close it with chmod go-rw ${path}.`,
  ];
}
