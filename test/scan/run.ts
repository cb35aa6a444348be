// `npm run scan`: wapiti and testssl.sh of Debian against a box of its own, with a session of its owner. Ends with 1 where they find something.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Document } from '../../src/api/docs/document.ts';
import { type Route, routesOf } from '../../src/api/docs/operation.ts';
import { places } from '../../src/api/panel/places.ts';
import { type RunningBox, startBox } from '../kit/box.ts';
import { freePort } from '../kit/free-port.ts';
import { missing } from '../kit/requires.ts';

const run = promisify(execFile);
const PASSWORD = 'four words of nobody';
/** All of wapiti's but those that want a server on the internet (ssrf, xxe) or guess paths and passwords by the thousand. */
const MODULES =
  'backup,blindsql,cookieflags,crlf,csp,csrf,exec,file,htaccess,http_headers,methods,permanentxss,redirect,shellshock,sql,xss';

/** What they name and is so on purpose, with the reason. */
const known: readonly { detail: string; reason: string }[] = [
  {
    detail: 'X-XSS-Protection is not set',
    reason:
      'browsers that had this filter took it out, as it opened holes of its own; the policy of each page does its work',
  },
  {
    detail: 'NOT a cipher order configured',
    reason: 'all that are offered are good, so clients choose what is fast for them (Mozilla, intermediate)',
  },
];

interface Finding {
  what: string;
  where: string;
  detail: string;
}

const reason = missing({ commands: ['wapiti', 'testssl'] });
if (reason) throw new Error(`${reason}: apt-get install wapiti testssl.sh`);

const folder = mkdtempSync(join(tmpdir(), 'signpost-scan-'));
const dot = `127.0.0.1:${await freePort()}`;
const box = await startBox({ flags: ['--dot', dot] });
try {
  const secret = await ownerOf(box);
  const findings = [
    ...(await wapiti(box, secret)),
    ...(await testssl('HTTPS', box.https!.replace('https://', ''))),
    ...(await testssl('DNS over TLS', dot)),
  ];
  let unknown = 0;
  for (const { what, where, detail } of findings) {
    const reason = known.find((one) => one.detail === detail)?.reason;
    if (reason === undefined) unknown++;
    console.log(`${what}: ${where}\n  ${detail}${reason === undefined ? '' : `: ${reason}`}`);
  }
  console.log(`${unknown} findings that are not on purpose`);
  process.exitCode = unknown === 0 ? 0 : 1;
} finally {
  await box.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** What a person would have: a domain, a mailbox, an account. @returns the secret of the account's session */
async function ownerOf(box: RunningBox): Promise<string> {
  await box.local('POST', '/domains', { name: 'example.com' });
  await box.local('POST', '/mailboxes', { address: 'anna@example.com', password: PASSWORD });
  const { body } = await box.local('POST', '/accounts', { name: 'owner', role: 'owner', password: PASSWORD });
  const response = await fetch(`${box.http}/api/v1/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Sec-Fetch-Site': 'same-origin' },
    body: JSON.stringify({ name: 'owner', password: PASSWORD }),
  });
  if (!response.ok) throw new Error(`${JSON.stringify(body)} ${await response.text()}`);
  return /^[^=]+=([^;]+)/.exec(response.headers.get('set-cookie')!)![1]!;
}

async function wapiti({ http, https }: RunningBox, secret: string): Promise<Finding[]> {
  const headers = { Cookie: `signpost=${secret}`, 'Sec-Fetch-Site': 'same-origin' };
  const document = (await (await fetch(`${http}/api/openapi.json`, { headers })).json()) as Document;
  const cookies = join(folder, 'cookies.json');
  const cookie = { value: secret, version: 0, expires: null, secure: true, port: null };
  writeFileSync(cookies, JSON.stringify({ '127.0.0.1': { '/': { '__Host-signpost': cookie } } }));
  const report = join(folder, 'wapiti.json');
  const starts = [
    ...places.map((place) => `/${place}`),
    ...routesOf(document).filter(isPage).map(addressOf),
  ].flatMap((path) => ['-s', `${https!}${path}`]);
  await run(
    'wapiti',
    [
      ...[
        '-u',
        `${https!}/`,
        '--scope',
        'domain',
        '-m',
        MODULES,
        '-c',
        cookies,
        '-H',
        'Sec-Fetch-Site: same-origin',
      ],
      ...[
        '--flush-session',
        '--no-bugreport',
        '-v',
        '0',
        '-f',
        'json',
        '-o',
        report,
        '--store-session',
        join(folder, 'session'),
      ],
      ...['--max-attack-time', '300'],
      ...starts,
    ],
    { maxBuffer: 1 << 28 },
  );
  const { vulnerabilities, anomalies, infos } = JSON.parse(readFileSync(report, 'utf8')) as Report;
  console.log(`wapiti: ${starts.length / 2} addresses, ${JSON.stringify(infos)}`);
  return [vulnerabilities, anomalies].flatMap((kinds) =>
    Object.entries(kinds).flatMap(([what, items]) =>
      items.map(({ method, path, info }) => ({ what, where: `${method} ${path}`, detail: info })),
    ),
  );
}

type Report = Record<
  'vulnerabilities' | 'anomalies',
  Record<string, { method: string; path: string; info: string }[]>
> & { infos: unknown };

function isPage({ method, path }: Route): boolean {
  return method === 'get' && !path.includes('events');
}

/** With every query that it may have. */
function addressOf({ path, operation }: Route): string {
  const filled = path
    .replace(/{(zone|domain)}/, 'example.com')
    .replace('{address}', 'anna@example.com')
    .replace('{name}', 'owner')
    .replace(/{.*}/, 'none');
  const queries = (operation.parameters ?? []).flatMap((one) =>
    'in' in one && one.in === 'query' ? [`${one.name}=1`] : [],
  );
  return queries.length === 0 ? filled : `${filled}?${queries.join('&')}`;
}

interface TlsRow {
  id: string;
  severity: string;
  finding: string;
}

async function testssl(what: string, address: string): Promise<Finding[]> {
  const report = join(folder, `${what}.json`);
  // The certificate is self-signed here: what is said of its chain is known.
  await run(
    'testssl',
    [
      '--quiet',
      '--color',
      '0',
      '--warnings',
      'off',
      '--nodns',
      'none',
      '--jsonfile',
      report,
      '-p',
      '-s',
      '-f',
      '-P',
      '-U',
      '-E',
      address,
    ],
    { maxBuffer: 1 << 28 },
  ).catch((error: unknown) => {
    // Its exit code counts what it would do otherwise.
    if (!(error instanceof Error && 'code' in error && typeof error.code === 'number')) throw error;
  });
  const rows = JSON.parse(readFileSync(report, 'utf8')) as TlsRow[];
  console.log(`testssl.sh, ${what}: ${rows.length} rows`);
  return rows
    .filter(({ severity }) => !['OK', 'INFO', 'DEBUG'].includes(severity))
    .map(({ id, severity, finding }) => ({ what: `${what} ${severity}`, where: id, detail: finding }));
}
