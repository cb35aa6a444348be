import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  symlink,
} from 'node:fs/promises';
import { basename, join } from 'node:path';
import { systemClock } from '../core/clock.ts';
import type { CertificateFile } from '../core/certificate-files.ts';
import { CliError } from './error.ts';
import { exitCodes } from './exit-codes.ts';
import { fileProblem } from './files.ts';

/*
 * What an export keeps in its folder:
 *
 *   .signpost-Ab3xYz/fullchain.pem …       a whole set of files
 *   .signpost-current -> .signpost-Ab3xYz  the set that counts; replaced by rename(2), and so by all of the next one at once
 *   fullchain.pem -> .signpost-current/fullchain.pem
 */
const PREFIX = '.signpost-';
const CURRENT = '.signpost-current';
const set = /^\.signpost-[A-Za-z0-9]{6}$/;
/** Milliseconds after which a set that is not the current one was left by a crash, and not by an export that runs beside this one. */
const ABANDONED = 600_000;

/** A folder that certificates are exported to. */
export interface ExportFolder {
  /** What a file of the last export holds; undefined: there is none. */
  content(name: string): string | undefined;
  /** Replaces all files at once. Nothing is written where they are the same already: false. @throws CliError usage */
  write(files: readonly CertificateFile[]): Promise<boolean>;
}

/** Looks at the folder; it need not be there. @throws CliError usage, where something in it is not an export's */
export async function openExportFolder(folder: string, names: readonly string[]): Promise<ExportFolder> {
  try {
    const before = await look(folder, names);
    return {
      content: (name) => before.files.get(name),
      write: (files) => sayingWhy(folder, () => write(folder, before, files)),
    };
  } catch (error) {
    throw asCliError(folder, error);
  }
}

interface Before {
  /** The name of the set that counts; undefined: nothing was exported to here. */
  current: string | undefined;
  /** Of that set, by name. */
  files: ReadonlyMap<string, string>;
  /** Names that lead into the current set. */
  links: ReadonlySet<string>;
}

async function look(folder: string, names: readonly string[]): Promise<Before> {
  const entries = await readdir(folder).catch((error: unknown): string[] => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
  const current = entries.includes(CURRENT) ? await currentOf(folder) : undefined;
  const strange = entries.filter((entry) => !entry.startsWith(PREFIX));
  if (current === undefined && strange.length > 0) throw occupied(folder, strange);
  const links = new Set<string>();
  for (const name of names.filter((one) => entries.includes(one))) {
    const target = await readlink(join(folder, name)).catch(() => undefined);
    if (target !== join(CURRENT, name)) throw foreign(folder, name);
    links.add(name);
  }
  const files = new Map<string, string>();
  const inSet = current === undefined ? [] : await readdir(join(folder, current)).catch((): string[] => []);
  for (const name of inSet) files.set(name, await readFile(join(folder, CURRENT, name), 'utf8'));
  return { current, files, links };
}

/** @throws CliError usage */
async function currentOf(folder: string): Promise<string> {
  const target = await readlink(join(folder, CURRENT)).catch(() => undefined);
  if (target !== undefined && set.test(target)) return target;
  throw foreign(folder, CURRENT);
}

async function write(folder: string, before: Before, files: readonly CertificateFile[]): Promise<boolean> {
  if (before.files.has('privkey.pem') && !files.some(({ secret }) => secret))
    throw new CliError(
      `${folder} has the private key as well, which would no longer fit: export with --key, or to another folder.`,
      exitCodes.usage,
    );
  const same =
    before.files.size === files.length &&
    files.every(({ name, content }) => before.files.get(name) === content && before.links.has(name));
  if (same) return false;
  await mkdir(folder, { recursive: true });
  const made = await writeSet(folder, files);
  await replace(folder, CURRENT, made);
  for (const { name } of files) if (!before.links.has(name)) await replace(folder, name, join(CURRENT, name));
  await sync(folder);
  await removeOthers(folder, before.current, made);
  return true;
}

/** The name of a new folder with the files, which are on the disk when this resolves. */
async function writeSet(folder: string, files: readonly CertificateFile[]): Promise<string> {
  const made = await mkdtemp(join(folder, PREFIX));
  for (const { name, content, secret } of files) {
    const file = await open(join(made, name), 'wx', secret ? 0o600 : 0o644);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
  }
  // Who may look into the folder around it may look into this one; the key has a mode of its own.
  await chmod(made, 0o755);
  await sync(made);
  return basename(made);
}

/** A symbolic link in the place of the one that may be there, at once. */
async function replace(folder: string, name: string, target: string): Promise<void> {
  const temporary = join(folder, `${PREFIX}link-${process.pid}`);
  await rm(temporary, { force: true });
  await symlink(target, temporary);
  await rename(temporary, join(folder, name));
}

async function sync(folder: string): Promise<void> {
  const directory = await open(folder, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** Removes the set of before, and those that a crash left. */
async function removeOthers(folder: string, previous: string | undefined, current: string): Promise<void> {
  const others = (await readdir(folder)).filter((entry) => set.test(entry) && entry !== current);
  for (const entry of others) {
    const path = join(folder, entry);
    const age = systemClock.now() - (await lstat(path)).mtimeMs;
    if (entry === previous || age > ABANDONED) await rm(path, { recursive: true, force: true });
  }
}

function occupied(folder: string, entries: readonly string[]): CliError {
  const [first, second] = entries.map((entry) => join(folder, entry));
  const shown = second === undefined ? first! : `${first!}, ${second}${entries.length > 2 ? ', …' : ''}`;
  return new CliError(
    `${folder} has things in it that no export put there (${shown}). Name an empty folder, or one that is not there yet.`,
    exitCodes.usage,
  );
}

function foreign(folder: string, name: string): CliError {
  return new CliError(
    `${join(folder, name)} was not put there by an export, and stays as it is. Move it away, or name another folder.`,
    exitCodes.usage,
  );
}

async function sayingWhy<T>(folder: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw asCliError(folder, error);
  }
}

function asCliError(folder: string, error: unknown): CliError {
  if (error instanceof CliError) return error;
  if ((error as NodeJS.ErrnoException).code === 'ENOTDIR')
    return new CliError(`${folder} is no folder.`, exitCodes.usage);
  return new CliError(fileProblem(folder, 'written', error), exitCodes.usage);
}
