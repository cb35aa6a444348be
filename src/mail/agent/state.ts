import { mkdirSync, readFileSync, rmSync, writeFileSync, existsSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { KeyMark } from '../dkim/store.ts';
import type { DriverName } from '../drivers/driver.ts';
import { readLive, writeWhole } from './files.ts';

/** A file as it was put in place last. */
export interface AppliedFile {
  path: string;
  sha256: string;
}

/** One path before a swap began: where its copy is, or that there was nothing. */
interface Before {
  path: string;
  copy: string | undefined;
  mode: number;
  uid: number;
  gid: number;
  link?: string;
}

/** What the agent remembers, in a folder that only root may enter. */
export interface AgentState {
  applied(driver: DriverName): AppliedFile[] | undefined;
  setApplied(driver: DriverName, files: AppliedFile[]): void;
  /** Which file the directory was when the driver's daemon opened it last. */
  opened(driver: DriverName): string | undefined;
  setOpened(driver: DriverName, file: string): void;
  /** Which change the DKIM keys were brought to last. */
  keysAt(): KeyMark | undefined;
  setKeysAt(at: KeyMark | undefined): void;
  /** An empty folder to stage in. */
  stage(driver: DriverName): string;
  /** Keeps what is at these paths until `endSwap`, so that a swap, even one that a crash cut short, can be undone. */
  beginSwap(driver: DriverName, paths: readonly string[]): void;
  /** Puts back what was there. @returns whether a swap was under way */
  undoSwap(driver: DriverName): boolean;
  endSwap(driver: DriverName): void;
  /** Keeps for good what a person wrote. @returns where */
  keep(path: string, at: string): string;
}

export function agentState(folder: string): AgentState {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const appliedFile = (driver: string): string => join(folder, `${driver}.applied.json`);
  const openedFile = (driver: string): string => join(folder, `${driver}.opened.json`);
  const keysFile = join(folder, 'keys.json');
  const swapFolder = (driver: string): string => join(folder, `${driver}.swap`);

  function readJson(path: string): unknown {
    if (!existsSync(path)) return undefined;
    return JSON.parse(readFileSync(path, 'utf8'));
  }

  function writeJson(path: string, value: unknown): void {
    const content = Buffer.from(JSON.stringify(value));
    writeWhole(path, { content, mode: 0o600, uid: 0, gid: 0 });
  }

  return {
    applied: (driver) => readJson(appliedFile(driver)) as AppliedFile[] | undefined,
    setApplied: (driver, files) => writeJson(appliedFile(driver), files),

    opened: (driver) => readJson(openedFile(driver)) as string | undefined,
    setOpened: (driver, file) => writeJson(openedFile(driver), file),

    keysAt: () => readJson(keysFile) as KeyMark | undefined,
    setKeysAt(at) {
      if (at) writeJson(keysFile, at);
      else rmSync(keysFile, { force: true });
    },

    stage(driver) {
      const path = join(folder, `${driver}.stage`);
      rmSync(path, { recursive: true, force: true });
      mkdirSync(path, { mode: 0o700 });
      return path;
    },

    beginSwap(driver, paths) {
      const part = `${swapFolder(driver)}.part`;
      rmSync(part, { recursive: true, force: true });
      mkdirSync(part, { mode: 0o700 });
      const before = paths.map((path, index): Before => {
        const live = readLive(path);
        if (live === undefined) return { path, copy: undefined, mode: 0, uid: 0, gid: 0 };
        const { content, ...rest } = live;
        writeWhole(join(part, String(index)), { content, mode: 0o600, uid: 0, gid: 0 });
        return { path, copy: String(index), ...rest };
      });
      writeJson(join(part, 'before.json'), before);
      renameSync(part, swapFolder(driver));
    },

    undoSwap(driver) {
      const swap = swapFolder(driver);
      const before = readJson(join(swap, 'before.json')) as Before[] | undefined;
      if (before === undefined) return false;
      for (const { path, copy, ...rest } of before) {
        if (copy === undefined) rmSync(path, { force: true });
        else writeWhole(path, { content: readFileSync(join(swap, copy)), ...rest });
      }
      rmSync(swap, { recursive: true });
      return true;
    },

    endSwap: (driver) => rmSync(swapFolder(driver), { recursive: true, force: true }),

    keep(path, at) {
      const copy = join(folder, 'replaced', at.replaceAll(':', ''), path);
      mkdirSync(dirname(copy), { recursive: true, mode: 0o700 });
      const live = readLive(path);
      if (live) writeFileSync(copy, live.content, { mode: 0o600 });
      return copy;
    },
  };
}
