import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBox, type RunningBox } from '../kit/box.ts';
import { runSignpost, signpost, type CliResult } from '../kit/cli.ts';
import { openssl } from '../kit/openssl.ts';
import { type Mistake, mistakes } from './mistakes.ts';

/** Every mistake against a real box; the sentences are a golden that a person reads. UPDATE_GOLDEN=1 records it. */
const golden = join(import.meta.dirname, '../goldens/mistakes.txt');
const all = Object.values(mistakes).flat();
/** How many commands run at once. */
const AT_ONCE = 3;

let box: RunningBox;
let fresh: RunningBox;
let page: Server;
let folder: string;
let places: Record<string, string>;
let answers: Map<Mistake, CliResult | undefined>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'signpost-mistakes-'));
  [box, fresh] = await Promise.all([
    startBox({ workers: 1 }),
    startBox({ workers: 1, hostname: undefined, tokenFlags: [] }),
  ]);
  page = createHttpServer((_request, response) => response.end('<html>')).listen(0, '127.0.0.1');
  await new Promise((resolve) => page.on('listening', resolve));
  await fill();
  places = {
    data: box.data,
    fresh: fresh.data,
    folder,
    http: box.http,
    https: box.https!,
    httpsAsHttp: box.https!.replace('https:', 'http:'),
    httpAsHttps: box.http.replace('http:', 'https:'),
    page: `http://127.0.0.1:${(page.address() as AddressInfo).port}`,
    stale: await staleSocket(),
    ...(await tokens()),
  };
  answers = await runAll();
}, 600_000);
afterAll(async () => {
  page.close();
  await Promise.all([box.stop(), fresh.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

async function ok(...args: string[]): Promise<string> {
  const result = await signpost(box.data, ...args);
  expect(result, args.join(' ')).toMatchObject({ code: 0 });
  return result.stdout;
}

async function fill(): Promise<void> {
  await ok('domain', 'add', 'example.com');
  await ok('domain', 'add', 'example.org', '--external');
  await ok('record', 'add', 'example.com', 'www', 'A', '192.0.2.80');
  await ok('record', 'add', 'example.com', 'alias', 'CNAME', 'www.example.com.');
  writeFileSync(join(folder, 'good.zone'), '@ 300 IN A 192.0.2.1\n');
  writeFileSync(join(folder, 'bad.zone'), '@ 300 IN A 192.0.2.1\nwww 300 IN A nonsense\n');
  writeFileSync(join(folder, 'binary.zone'), Buffer.from([0, 255, 254, 1, 2, 3]));
  await installOwn();
  const key = join(folder, 'good.key');
  const chain = join(folder, 'good.pem');
  const name = ['-subj', '/CN=www.example.com', '-addext', 'subjectAltName=DNS:www.example.com'];
  const make = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-days',
    '30',
  ];
  execFileSync('openssl', [...make, ...name, '-keyout', key, '-out', chain], { stdio: 'ignore' });
}

/** There is one certificate that can be exported: of a CA, though of nobody's. */
async function installOwn(): Promise<void> {
  const tool = openssl();
  const issuer = tool.issue({ subject: 'Root', ca: true });
  const own = tool.issue({ names: ['shop.example.com'], issuer });
  const chain = tool.file(own.certificate + issuer.certificate);
  await ok('cert', 'install', chain, '--key-file', tool.file(own.key));
  tool.remove();
}

async function tokens(): Promise<Record<string, string>> {
  const make = async (...args: string[]): Promise<{ token: { id: string }; secret: string }> =>
    JSON.parse(await ok('--json', 'token', 'create', ...args)) as { token: { id: string }; secret: string };
  const [reader, hook, revoked] = [
    await make('reader'),
    await make('hook', '--scope', 'dns:write', '--owner', '_acme-challenge.example.com'),
    await make('old'),
  ];
  await ok('token', 'revoke', revoked.token.id);
  const exporter = await make('exporter', '--scope', 'certificates:export-key');
  // An export in which somebody put a file of their own.
  await ok(
    'cert',
    'export',
    'shop.example.com',
    '--key',
    '--token',
    exporter.secret,
    '--to',
    join(folder, 'exported'),
  );
  rmSync(join(folder, 'exported/fullchain.pem'));
  writeFileSync(join(folder, 'exported/fullchain.pem'), 'mine');
  return {
    reader: reader.secret,
    hook: hook.secret,
    revoked: revoked.secret,
    exporter: exporter.secret,
    admin: (await make('admin', '--scope', 'admin')).secret,
  };
}

/** What a killed box leaves behind. */
async function staleSocket(): Promise<string> {
  const stale = mkdtempSync(join(folder, 'stale-'));
  const script = `require('net').createServer().listen(${JSON.stringify(join(stale, 'signpost.sock'))}, () => process.kill(process.pid, 'SIGKILL'))`;
  try {
    execFileSync(process.execPath, ['-e', script], { stdio: 'ignore' });
  } catch {
    // Killed, as it should be.
  }
  return Promise.resolve(stale);
}

async function runAll(): Promise<Map<Mistake, CliResult | undefined>> {
  const found = new Map<Mistake, CliResult | undefined>();
  const left = [...all];
  const worker = async (): Promise<void> => {
    for (let next = left.shift(); next; next = left.shift()) found.set(next, await run(next));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return found;
}

async function run({ typed, env, input, alone, asNobody }: Mistake): Promise<CliResult | undefined> {
  const words = typed.map((word) => word.replace(/\{(\w+)\}/g, (_all, name: string) => places[name]!));
  const args = alone ? words : ['--data', box.data, ...words];
  if (asNobody && process.getuid?.() !== 0) return undefined;
  return runSignpost(args, {
    ...(env && { env }),
    ...(input !== undefined && { input }),
    ...(asNobody && { uid: 65_534 }),
  });
}

/** The case as it stands in the golden. */
function entry(mistake: Mistake, { code, stdout, stderr }: CliResult): string {
  const words = mistake.typed.map((word) => (/^[\w.:/{}@*+=-]+$/.test(word) ? word : `'${word}'`));
  const env = Object.entries(mistake.env ?? {}).map(([name, value]) => `${name}=${value} `);
  const by = mistake.asNobody ? 'nobody' : '';
  const said = [stdout, stderr].filter((text) => text !== '').join('');
  return `${by}$ ${env.join('')}signpost ${words.join(' ')}\n${masked(said)
    .trimEnd()
    .split('\n')
    .map((line) => `    ${line}`.trimEnd())
    .join('\n')}\n    [${code}]\n`;
}

/** Without what differs from run to run. */
function masked(text: string): string {
  const named = Object.entries(places)
    .sort(([, a], [, b]) => b.length - a.length)
    .reduce((masking, [name, value]) => {
      const host = URL.canParse(value) ? new URL(value).host : undefined;
      const whole = masking.replaceAll(value, `{${name}}`);
      return host === undefined ? whole : whole.replaceAll(host, '{host}');
    }, text);
  return named
    .replace(/(?:[0-9A-F]{2}:){31}[0-9A-F]{2}/g, '{fingerprint}')
    .replace(/\((?:ENOTFOUND|EAI_AGAIN)\)/g, '({code})')
    .replace(/\b1[78]\d{8}\b/g, '{serial}')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '{time}')
    .replace(/^(zones|version|started|dns):( +).*$/gm, '$1:$2…');
}

const recorded = (): Map<string, string> =>
  new Map(
    readFileSync(golden, 'utf8')
      .split(/^(?=(?:nobody)?\$ )/m)
      .slice(1)
      .map((text) => [text.split('\n')[0]!, text.replace(/\n+(?:# .*\n+)?$/, '\n')]),
  );

describe('a hundred mistakes', () => {
  it('are there', () => {
    expect(all.length).toBeGreaterThanOrEqual(100);
    expect(Object.keys(mistakes)).toEqual(
      expect.arrayContaining(['Arguments', 'Values', 'States', 'Permissions', 'Files', 'Network']),
    );
  });

  it('are told as test/goldens/mistakes.txt has it', () => {
    if (process.env['UPDATE_GOLDEN'])
      writeFileSync(
        golden,
        Object.entries(mistakes)
          .map(
            ([kind, ones]) => `# ${kind}\n\n${ones.map((one) => entry(one, answers.get(one)!)).join('\n')}`,
          )
          .join('\n'),
      );
    const expected = recorded();
    const heads = new Set<string>();
    for (const mistake of all) {
      const answer = answers.get(mistake);
      if (!answer) continue;
      const text = entry(mistake, answer);
      const head = text.split('\n')[0]!;
      heads.add(head);
      expect.soft(text).toBe(expected.get(head));
    }
    if (process.getuid?.() === 0) expect([...expected.keys()]).toEqual([...heads]);
  });

  it('never show a stack, a call of the API, or nothing', () => {
    for (const mistake of all) {
      const answer = answers.get(mistake);
      if (!answer) continue;
      const said = answer.stdout + answer.stderr;
      expect.soft(answer.code, mistake.typed.join(' ')).not.toBe(0);
      expect.soft(said.trim(), mistake.typed.join(' ')).not.toBe('');
      expect
        .soft(said, mistake.typed.join(' '))
        .not.toMatch(/^ +at |\/api\/v1|Bearer|\b(?:GET|PUT|POST|PATCH|DELETE) \//m);
    }
  });
});
