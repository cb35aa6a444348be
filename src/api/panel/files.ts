import { readdirSync, readFileSync, statSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';

/** The control panel, where one was built (scripts/panel.mjs makes it). */
export interface Panel {
  /** What lies there now: it can be built anew under the running box, and then has files of other names. */
  now: () => Promise<PanelBuild>;
}

export interface PanelBuild {
  /** The page, in which {@link noncePlaceholder} stands for what the policy of an answer names. */
  index: string;
  /** By the path of their URL. What is not here is not read, whatever somebody asks for. */
  files: ReadonlyMap<string, PanelFile>;
}

export interface PanelFile {
  type: string;
  /** In the order in which they are wanted, the smallest first; `identity` is always among them. */
  encodings: readonly Encoding[];
  /** Undefined when it is there no more. */
  read: (encoding: Encoding) => Promise<Buffer<ArrayBuffer> | undefined>;
}

export type Encoding = 'br' | 'gzip' | 'identity';

export const noncePlaceholder = 'SIGNPOST-NONCE';

const types: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const suffixes: Record<Encoding, string> = { br: '.br', gzip: '.gz', identity: '' };

/** Opens what was built in `folder`; undefined where nothing was. Contents stay on the disk, whose cache keeps what is asked for. */
export function openPanel(folder: string): Panel | undefined {
  const path = join(folder, 'index.html');
  const first = readBuild(folder, path);
  if (!first) return undefined;
  let build = first;
  return {
    async now() {
      const stamp = await stat(path).then(stampOf, () => undefined);
      // Between two builds there is none for a moment: the former one is.
      if (stamp !== undefined && stamp !== build.stamp) build = readBuild(folder, path) ?? build;
      return build;
    },
  };
}

type Build = PanelBuild & { stamp: string };

function readBuild(folder: string, path: string): Build | undefined {
  try {
    // Before the rest: what changes meanwhile is seen at the next look.
    const stamp = stampOf(statSync(path));
    const index = readFileSync(path, 'utf8');
    const names = new Set(readdirSync(join(folder, 'assets')));
    const files = [...names].flatMap((name) => {
      const type = types[extname(name)];
      return type === undefined ? [] : ([[`/assets/${name}`, fileOf(folder, name, type, names)]] as const);
    });
    return { stamp, index, files: new Map(files) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

const stampOf = ({ ino, mtimeMs }: { ino: number; mtimeMs: number }): string => `${ino} ${mtimeMs}`;

function fileOf(folder: string, name: string, type: string, names: ReadonlySet<string>): PanelFile {
  const all = ['br', 'gzip', 'identity'] as const;
  return {
    type,
    encodings: all.filter((encoding) => names.has(name + suffixes[encoding])),
    read: (encoding) => readIfThere(join(folder, 'assets', name + suffixes[encoding])),
  };
}

async function readIfThere(path: string): Promise<Buffer<ArrayBuffer> | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
