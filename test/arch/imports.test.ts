import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** What each folder of `src` may import of ours, besides itself and `core`. `main` may import everything. */
const allowed: Record<string, { from: string[]; because: string }> = {
  core: { from: [], because: 'core stands below everything' },
  dns: { from: [], because: 'the DNS library is pure: it knows no zones of ours, no mail, no database' },
  work: { from: ['dns'], because: 'the unit of work is below all that takes part in it' },
  access: { from: ['work', 'dns'], because: 'who may do what is known below what is done' },
  zones: { from: ['work', 'dns'], because: 'zones are built on DNS and served by whoever asks' },
  mail: { from: ['zones', 'work', 'dns'], because: 'mail stands on zones; mail and certs meet only in main' },
  certs: {
    from: ['zones', 'work', 'dns'],
    because: 'certificates stand on zones; mail and certs meet only in main',
  },
  checks: { from: ['zones', 'work', 'dns'], because: 'checks look at zones from outside' },
  backup: { from: ['zones', 'work', 'dns'], because: 'backup knows what zones are, not how they are served' },
  db: {
    from: ['zones', 'mail', 'certs', 'checks', 'backup', 'access', 'work', 'dns'],
    because: 'db implements the store interfaces which those folders declare, and nothing above',
  },
  native: {
    from: ['dns'],
    because:
      'native binds C functions and is the program of signing threads: dns names the signers it takes, main composes',
  },
  api: {
    from: ['zones', 'mail', 'certs', 'checks', 'backup', 'access', 'work', 'dns'],
    because: 'handlers call services and hold no rules',
  },
  cli: { from: [], because: 'the CLI is a client of the API and knows nothing else' },
};

/** Packages that one folder of `src` alone may import. */
const owned: Record<string, string> = {
  'drizzle-orm': 'db',
  'better-sqlite3': 'db',
  koffi: 'native',
  hono: 'api',
  '@hono/zod-openapi': 'api',
  '@hono/node-server': 'api',
  'prom-client': 'api/metrics',
  commander: 'cli',
  otpauth: 'access',
  '@simplewebauthn/server': 'access',
};

const imports =
  /(?:^|\n)\s*(?:import|export)\s[^'"]*?from\s+'([^']+)'|(?:^|\n)\s*import\s+'([^']+)'|import\('([^']+)'\)/g;

interface Edge {
  file: string;
  target: string;
}

function edges(): Edge[] {
  return globSync('src/**/*.ts', { cwd: root }).flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    return [...text.matchAll(imports)].map((match) => ({ file, target: match[1] ?? match[2] ?? match[3]! }));
  });
}

/** What the panel imports of `src`: it is a client, and runs elsewhere. */
function panelEdges(): (Edge & { isType: boolean })[] {
  return globSync('panel/src/**/*.{ts,tsx}', { cwd: root }).flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    return [...text.matchAll(imports)].map((match) => ({
      file,
      target: match[1] ?? match[2] ?? match[3]!,
      isType: /^\s*import type\s/.test(match[0]),
    }));
  });
}

function forbiddenInPanel({ file, target, isType }: Edge & { isType: boolean }): string | undefined {
  if (!target.startsWith('.')) {
    return target.startsWith('node:') ? 'the panel runs in a browser' : undefined;
  }
  const to = relative(root, join(root, dirname(file), target));
  if (to.startsWith('panel/src/')) return undefined;
  return to === 'src/api/client-types.ts' && isType
    ? undefined
    : 'the panel knows the types of the API (src/api/client-types.ts), and nothing else of the box';
}

/** The folder of `src` that a file is in; `main` for the composition root, of which `parts` is the larger half. */
function area(file: string): string {
  const folder = /^src\/([^/]+)\//.exec(file)?.[1] ?? 'main';
  return folder === 'parts' ? 'main' : folder;
}

function forbidden({ file, target }: Edge): string | undefined {
  const from = area(file);
  if (file.endsWith('.test.ts') || from === 'main') return undefined;
  if (!target.startsWith('.')) {
    const name = target.startsWith('@') ? target.split('/').slice(0, 2).join('/') : target.split('/')[0]!;
    const owner = owned[name];
    return owner !== undefined && !file.startsWith(`src/${owner}/`)
      ? `only src/${owner} may import ${name}`
      : undefined;
  }
  const to = area(relative(root, join(root, dirname(file), target)));
  const rule = allowed[from];
  if (!rule) return `src/${from} has no import rule; add it to this test and to ARCHITECTURE.md`;
  return to === from || to === 'core' || rule.from.includes(to)
    ? undefined
    : `src/${from} may not import src/${to}: ${rule.because}`;
}

/** Folders of `src` that are large enough to have rooms of their own. */
const big = ['zones', 'certs', 'dns', 'api', 'mail'];

/** The folder inside a big one that a file is in; files beside the folders belong to none. */
function roomOf(file: string, inside: string): string | undefined {
  return new RegExp(`^src/${inside}/([^/]+)/`).exec(file)?.[1];
}

/** Imports between rooms of a big folder that are part of a circle: who reads one of those rooms has to read them all. */
function circles(all: readonly Edge[], inside: string): string[] {
  const between = all
    .filter(({ file, target }) => target.startsWith('.') && !file.endsWith('.test.ts'))
    .map(({ file, target }) => ({ file, target: relative(root, join(root, dirname(file), target)) }))
    .map((edge) => ({ ...edge, from: roomOf(edge.file, inside), to: roomOf(edge.target, inside) }))
    .filter(({ from, to }) => from !== undefined && to !== undefined && from !== to);
  const reached = (from: string): Set<string> => {
    const found = new Set<string>();
    const add = (room: string): void => {
      for (const edge of between)
        if (edge.from === room && !found.has(edge.to!)) {
          found.add(edge.to!);
          add(edge.to!);
        }
    };
    add(from);
    return found;
  };
  return between
    .filter(({ from, to }) => reached(to!).has(from!))
    .map(({ file, target }) => `${file} → ${target}`);
}

describe('import rules', () => {
  const all = edges();

  it('finds the imports', () => {
    expect(all.length).toBeGreaterThan(50);
  });

  it('are kept by every file', () => {
    const broken = all.flatMap((edge) => {
      const reason = forbidden(edge);
      return reason === undefined ? [] : [`${edge.file} → ${edge.target}: ${reason}`];
    });
    expect(broken).toEqual([]);
  });

  it.each(big)('lead in no circle between the folders of src/%s', (inside) => {
    expect(circles(all, inside)).toEqual([]);
  });

  it('let the panel know the types of the API alone', () => {
    const edges = panelEdges();
    expect(edges.length).toBeGreaterThan(100);
    const broken = edges.flatMap((edge) => {
      const reason = forbiddenInPanel(edge);
      return reason === undefined ? [] : [`${edge.file} → ${edge.target}: ${reason}`];
    });
    expect(broken).toEqual([]);
    const file = 'panel/src/api/client.ts';
    const types = '../../../src/api/client-types.ts';
    expect(forbiddenInPanel({ file, target: types, isType: true })).toBeUndefined();
    expect(forbiddenInPanel({ file, target: types, isType: false })).toMatch(/types of the API/);
    expect(forbiddenInPanel({ file, target: '../../../src/core/errors.ts', isType: true })).toMatch(
      /nothing else/,
    );
  });

  it('would notice a circle, of three folders as well', () => {
    const circle = [
      { file: 'src/certs/acme/x.ts', target: '../order/x.ts' },
      { file: 'src/certs/order/x.ts', target: '../life/x.ts' },
      { file: 'src/certs/life/x.ts', target: '../acme/x.ts' },
    ];
    const beside = { file: 'src/certs/life/x.ts', target: '../x509/x.ts' };
    expect(circles([...circle, beside], 'certs')).toHaveLength(3);
    expect(circles([...circle.slice(1), beside], 'certs')).toEqual([]);
  });

  it('would notice a forbidden edge', () => {
    expect(forbidden({ file: 'src/dns/wire/name.ts', target: '../../zones/model.ts' })).toMatch(/pure/);
    expect(forbidden({ file: 'src/zones/x.ts', target: 'better-sqlite3' })).toMatch(/only src\/db/);
    expect(forbidden({ file: 'src/api/x.ts', target: 'prom-client' })).toMatch(/only src\/api\/metrics/);
    expect(forbidden({ file: 'src/cli/x.ts', target: '../api/y.ts' })).toMatch(/client of the API/);
  });
});
