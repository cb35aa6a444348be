import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

/** The built control panel (scripts/panel.mjs makes it). */
export interface Panel {
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

/** Reads what was built in `folder`; undefined where nothing was. Contents stay on the disk, whose cache keeps what is asked for. */
export function openPanel(folder: string): Panel | undefined {
  try {
    const index = readFileSync(join(folder, 'index.html'), 'utf8');
    const names = new Set(readdirSync(join(folder, 'assets')));
    const files = [...names].flatMap((name) => {
      const type = types[extname(name)];
      return type === undefined ? [] : ([[`/assets/${name}`, fileOf(folder, name, type, names)]] as const);
    });
    return { index, files: new Map(files) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

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
