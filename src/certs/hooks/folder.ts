import { lstat, readdir, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A program of the operator's. */
export interface Hook {
  /** Of its file. */
  name: string;
  path: string;
}

/** What is in the folder and not run; `reason` is a sentence that names it. */
export interface RefusedHook {
  name: string;
  reason: string;
}

export interface HookFolder {
  hooks: Hook[];
  refused: RefusedHook[];
}

const WRITABLE_BY_OTHERS = 0o022;
const STICKY = 0o1000;
const EXECUTABLE = 0o111;

/**
 * The hooks of a folder, in the order of their names; hidden files and those that end with `~` are none. What runs is what root or the
 * user of the box (`uid`) put there: a file that others may change, in itself or by a folder on the way to it, is refused.
 */
export async function readHookFolder(folder: string, uid: number): Promise<HookFolder> {
  try {
    const real = await realpath(folder);
    const reason = await untrusted(real, uid);
    if (reason !== undefined) return { hooks: [], refused: [{ name: folder, reason }] };
    const names = (await readdir(real)).filter((name) => !name.startsWith('.') && !name.endsWith('~'));
    const found: HookFolder = { hooks: [], refused: [] };
    for (const name of names.sort()) {
      const path = join(real, name);
      const why = await unfit(path, uid);
      if (why === undefined) found.hooks.push({ name, path });
      else found.refused.push({ name, reason: why });
    }
    return found;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return { hooks: [], refused: [] };
    return { hooks: [], refused: [{ name: folder, reason: `${folder} cannot be read: ${message}` }] };
  }
}

/** Why others could put something into the folder, or another folder in its place. */
async function untrusted(folder: string, uid: number): Promise<string | undefined> {
  for (let at = folder; ; at = dirname(at)) {
    const { uid: owner, mode } = await lstat(at);
    if (owner !== 0 && owner !== uid)
      return `${at} belongs to the user ${owner}; it must be root's, or that of the box`;
    // Where only owners may rename, as in /tmp, what is ours stays; but new files could come.
    const isKept = at !== folder && (mode & STICKY) !== 0;
    if ((mode & WRITABLE_BY_OTHERS) !== 0 && !isKept)
      return `${at} can be changed by others than its owner (chmod go-w ${at})`;
    if (at === dirname(at)) return undefined;
  }
}

async function unfit(path: string, uid: number): Promise<string | undefined> {
  const stat = await lstat(path);
  if (stat.isSymbolicLink()) return `${path} is a symbolic link; put a script there that calls the program`;
  if (!stat.isFile()) return `${path} is no file`;
  if (stat.uid !== 0 && stat.uid !== uid)
    return `${path} belongs to the user ${stat.uid}; it must be root's, or that of the box`;
  if ((stat.mode & WRITABLE_BY_OTHERS) !== 0)
    return `${path} can be changed by others than its owner (chmod go-w ${path})`;
  if ((stat.mode & EXECUTABLE) === 0) return `${path} is not executable (chmod +x ${path})`;
  return undefined;
}
