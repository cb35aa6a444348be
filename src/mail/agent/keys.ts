import { chownSync, existsSync, lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Driver } from '../drivers/driver.ts';
import { folder as folderOf } from '../drivers/file.ts';
import type { KeyMark } from '../dkim/store.ts';
import type { DomainKeys } from '../drivers/model.ts';
import type { AgentTools } from './apply.ts';
import { makeFolder, ownersOf, readLive, replaceFile } from './files.ts';
import type { AgentAnswer, PutKeys } from './protocol.ts';

/** The DKIM keys of all domains, in files that the daemon looks for when it signs. */
export interface KeyFiles {
  /** Which change they were brought to; null: nobody knows. */
  at(): KeyMark | null;
  put(request: PutKeys): Promise<AgentAnswer>;
}

export function keyFiles(place: Driver['keys'], { state, machine }: AgentTools): KeyFiles {
  /** Domains that a round of all keys has named so far; undefined: there is none under way. */
  let named: Set<string> | undefined;

  async function put({ part, domains, at }: PutKeys): Promise<AgentAnswer> {
    if (!place) return { ok: false, problem: 'No mail server here signs with DKIM keys.' };
    if (part === 'first') begin(place.folder, place.group);
    if (part !== 'changed' && !named)
      return { ok: false, problem: 'The keys that came before these are not known any more; send all anew.' };
    const owners = ownersOf(folderOf(place.folder, 0o750, 'root', place.group));
    for (const one of domains) {
      named?.add(one.domain);
      putDomain(one, place, owners);
    }
    if (part === 'last') {
      dropOthers(place.folder, named!);
      named = undefined;
    }
    if (at) {
      // Once for all of them: a hundred thousand files, each synced by itself, would take an hour.
      const synced = await machine.run('sync', ['-f', place.folder]);
      if (synced.status !== 0) return { ok: false, problem: synced.output.trim() };
      state.setKeysAt(at);
    }
    return { ok: true, keys: at };
  }

  function begin(folder: string, group: string): void {
    state.setKeysAt(undefined);
    makeFolder(folderOf(folder, 0o750, 'root', group));
    named = new Set();
  }

  return {
    at: () => (place && existsSync(place.folder) ? (state.keysAt() ?? null) : null),
    put,
  };
}

type Place = NonNullable<Driver['keys']>;

/** New keys come before old ones go: a message in between has a signature. */
function putDomain(
  { domain, keys }: DomainKeys,
  { folder, file }: Place,
  owners: { uid: number; gid: number },
): void {
  const path = join(folder, domain);
  if (keys.length === 0) {
    rmSync(path, { recursive: true, force: true });
    return;
  }
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) {
    mkdirSync(path, { mode: 0o750 });
    chownSync(path, owners.uid, owners.gid);
  }
  const names = new Set<string>();
  for (const { name, content: text } of keys.map(file)) {
    names.add(name);
    const [at, content] = [join(path, name), Buffer.from(text)];
    if (!readLive(at)?.content.equals(content)) replaceFile(at, { content, mode: 0o640, ...owners });
  }
  for (const name of readdirSync(path)) if (!names.has(name)) rmSync(join(path, name), { recursive: true });
}

function dropOthers(folder: string, named: ReadonlySet<string>): void {
  for (const name of readdirSync(folder))
    if (!named.has(name)) rmSync(join(folder, name), { recursive: true });
}
