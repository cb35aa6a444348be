import { existsSync, lstatSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Driver, Machine, RenderedFile } from '../drivers/driver.ts';
import { makeFolder, ownersOf, readLive, settle, sha256 } from './files.ts';
import type { FileChange } from './protocol.ts';
import type { AgentState } from './state.ts';

/** What applying would change, in the order of the rendered files, and at last what is wanted no more. */
export function compare(driver: Driver, wanted: readonly RenderedFile[], state: AgentState): FileChange[] {
  const applied = state.applied(driver.name);
  const known = new Map((applied ?? []).map((file) => [file.path, file.sha256]));
  const paths = new Set(wanted.map(({ path }) => path));
  const changes = wanted.flatMap((file): FileChange[] => {
    const kind = difference(file);
    if (kind === undefined) return [];
    return [{ path: file.path, kind, edited: isEdited(file.path, known), secret: file.secret === true }];
  });
  const removed = [...known.keys()]
    .filter((path) => !paths.has(path) && existsSync(path))
    .map((path): FileChange => ({ path, kind: 'remove', edited: isEdited(path, known), secret: true }));
  return [...changes, ...removed];
}

/** Whether it is no more what was put there. What Signpost never wrote is not edited: it is replaced for the first time. */
function isEdited(path: string, known: ReadonlyMap<string, string>): boolean {
  const was = known.get(path);
  if (was === undefined) return false;
  const live = readLive(path);
  return live === undefined || live.link !== undefined || sha256(live.content) !== was;
}

function difference(file: RenderedFile): FileChange['kind'] | undefined {
  if (file.content === undefined) {
    const stat = lstatSync(file.path, { throwIfNoEntry: false });
    if (stat === undefined) return 'create';
    if (!stat.isDirectory()) throw new Error(`${file.path} is not a folder`);
    return sameOwner(file, stat) && (stat.mode & 0o7777) === file.mode ? undefined : 'change';
  }
  const live = readLive(file.path);
  if (live === undefined) return 'create';
  const same =
    live.link === undefined &&
    live.content.equals(Buffer.from(file.content)) &&
    live.mode === file.mode &&
    sameOwner(file, live);
  return same ? undefined : 'change';
}

function sameOwner(file: RenderedFile, { uid, gid }: { uid: number; gid: number }): boolean {
  const wanted = ownersOf(file);
  return wanted.uid === uid && wanted.gid === gid;
}

/** Writes what is wanted below `root`, as it would be in place. */
export function stageFiles(root: string, wanted: readonly RenderedFile[]): void {
  for (const file of wanted) {
    const staged = { ...file, path: `${root}${file.path}`, owner: 'root', group: 'root' };
    if (file.content === undefined) makeFolder(staged);
    else {
      mkdirSync(dirname(staged.path), { recursive: true });
      writeFileSync(staged.path, file.content, { mode: file.mode });
      if (file.settled) settle(staged.path);
    }
  }
}

/** Changes with the difference of each file in unified form; secrets are named, and not shown. */
export async function withDiffs(
  changes: readonly FileChange[],
  root: string,
  machine: Machine,
): Promise<FileChange[]> {
  const shown: FileChange[] = [];
  for (const change of changes) {
    const { path, kind, secret } = change;
    const isFile = existsSync(`${root}${path}`) && lstatSync(`${root}${path}`).isFile();
    if (secret || (kind !== 'remove' && !isFile)) {
      shown.push(change);
      continue;
    }
    const live = existsSync(path) ? path : '/dev/null';
    const labels = ['--label', `${path} (now)`, '--label', `${path} (to be)`];
    const { output } = await machine.run('diff', ['-u', ...labels, live, `${root}${path}`]);
    shown.push({ ...change, diff: output });
  }
  return shown;
}
