import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBox, type RunningBox } from '../kit/box.ts';
import { addresses, createInternet, type Delegation, type Internet } from '../kit/internet.ts';
import { missing } from '../kit/requires.ts';

const skip = missing({
  root: true,
  commands: ['ip', 'nsd', 'unbound', 'zonemaster-cli', 'dnsviz', 'delv', 'ldns-signzone'],
});
const exec = promisify(execFile);

const domains = Array.from({ length: 49 }, (_, i) => `d${String(i + 1).padStart(2, '0')}.test`);
const zones = ['host.test', ...domains];

/** Calls the API over the unix socket, which reaches into the namespace. */
async function call(box: RunningBox, method: string, path: string, body?: unknown): Promise<unknown> {
  const answer = await box.local(method, path, body);
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** Own records of all kinds, for every third zone. */
const ownRecords = (zone: string): string[][] => [
  [`shop.${zone}`, 'A', '11.53.3.1'],
  [`*.wild.${zone}`, 'A', '11.53.3.1'],
  [`alias.${zone}`, 'CNAME', `shop.${zone}.`],
  [`deep.under.nothing.${zone}`, 'TXT', '"an empty non-terminal above"'],
  [`_sip._tcp.${zone}`, 'SRV', `10 5 5060 shop.${zone}.`],
  [`insecure.${zone}`, 'NS', 'ns1.nic.test.'],
  [`old.${zone}`, 'DNAME', `wild.${zone}.`],
];

describe.skipIf(skip)(`on an internet of its own${skip ? ` (${skip})` : ''}`, () => {
  let internet: Internet;
  let box: RunningBox;

  beforeAll(async () => {
    internet = await createInternet();
    box = await startBox({
      prefix: internet.prefix,
      hostname: 'box.host.test',
      ipv4: addresses.box.join(','),
      ipv6: addresses.box6.join(','),
      dns: [...addresses.box.map((ip) => `${ip}:53`), ...addresses.box6.map((ip) => `[${ip}]:53`)].join(','),
      flags: ['--root-hints', internet.hints],
    });
    for (const name of zones) await call(box, 'POST', '/domains', { name });
    for (const [i, zone] of domains.entries()) {
      const records = ownRecords(zone).map(([owner, type, value]) => ({ owner, type, value }));
      if (i % 3 === 0) await call(box, 'POST', `/zones/${zone}/records`, { records });
      if (i % 5 === 0) await call(box, 'PATCH', `/zones/${zone}`, { denial: 'nsec3' });
      if (i % 7 === 0) await call(box, 'POST', '/domains', { name: `sub.${zone}` });
    }
    const children: Delegation[] = [];
    for (const name of zones) {
      const view = (await call(box, 'GET', `/domains/${name}/registrar`)) as Omit<Delegation, 'name'>;
      children.push({ ...view, name });
    }
    await internet.delegate(children);
  }, 300_000);

  afterAll(async () => {
    await box.stop();
    await internet.close();
  });

  it('is seen as securely delegated by its own registrar check', { timeout: 180_000 }, async () => {
    for (const zone of ['host.test', 'd01.test', 'd02.test', 'sub.d01.test']) {
      const view = (await call(box, 'GET', `/domains/${zone}/registrar?refresh=true`)) as { parent: object };
      expect(view.parent, zone).toMatchObject({ state: 'secure' });
    }
  });

  it(`has ${zones.length} zones without an error by zonemaster`, { timeout: 900_000 }, async () => {
    const findings: string[] = [];
    const lint = async (zone: string): Promise<void> => {
      const args = [
        ...internet.prefix.slice(1),
        'zonemaster-cli',
        '--hints',
        internet.hints,
        '--level',
        'ERROR',
        '--json',
        '--raw',
        zone,
      ];
      const { stdout } = await exec('ip', args, { maxBuffer: 2 ** 26 });
      for (const finding of JSON.parse(stdout) as { tag: string; args?: unknown }[]) {
        findings.push(`${zone}: ${finding.tag} ${JSON.stringify(finding.args)}`);
      }
    };
    for (let i = 0; i < zones.length; i += 2) await Promise.all(zones.slice(i, i + 2).map(lint));
    expect(findings).toEqual([]);
  });

  it(`has ${zones.length} zones without an error by DNSViz`, { timeout: 900_000 }, async () => {
    const dnsviz = join(import.meta.dirname, '../kit/run-dnsviz.py');
    const probe = join(internet.folder, 'probe.json');
    const hints = `.+:a.root.test=${addresses.root}`;
    await exec(
      'ip',
      [
        ...internet.prefix.slice(1),
        'dnsviz',
        'probe',
        '-A',
        '-a',
        '.',
        '-t',
        '2',
        '-x',
        hints,
        '-p',
        '-o',
        probe,
        ...zones,
      ],
      {
        maxBuffer: 2 ** 26,
      },
    );
    const { stdout } = await exec(
      '/usr/bin/python3',
      [dnsviz, 'grok', '-l', 'error', '-t', internet.anchor, '-r', probe],
      {
        maxBuffer: 2 ** 26,
      },
    );
    expect(stdout.trim() === '' ? {} : JSON.parse(stdout)).toEqual({});
  });

  it('validates from the root down in unbound, for every kind of answer', { timeout: 180_000 }, async () => {
    await internet.resolve(addresses.resolver);
    const kinds: [string, string, string, RegExp][] = domains
      .filter((_, i) => i === 0 || i === 3) // one with NSEC3, one with NSEC
      .flatMap((zone): [string, string, string, RegExp][] => [
        ['positive', zone, 'MX', /NOERROR.*flags:[^;]* ad/s],
        ['wildcard', `any.wild.${zone}`, 'A', /NOERROR.*flags:[^;]* ad.*ANSWER: 2/s],
        ['wildcard NODATA', `any.wild.${zone}`, 'MX', /NOERROR.*flags:[^;]* ad/s],
        ['NODATA', `shop.${zone}`, 'AAAA', /NOERROR.*flags:[^;]* ad/s],
        ['empty non-terminal', `under.nothing.${zone}`, 'A', /NOERROR.*flags:[^;]* ad/s],
        ['NXDOMAIN', `nothing-here.${zone}`, 'A', /NXDOMAIN.*flags:[^;]* ad/s],
        ['CNAME', `alias.${zone}`, 'A', /NOERROR.*flags:[^;]* ad.*ANSWER: 4/s],
        ['DNAME', `any.old.${zone}`, 'A', /NOERROR.*flags:[^;]* ad/s],
        ['insecure delegation', `insecure.${zone}`, 'DS', /NOERROR.*flags:[^;]* ad/s],
      ]);
    for (const [kind, name, type, expected] of kinds) {
      const answer = internet.run('dig', '+dnssec', '+tries=2', `@${addresses.resolver}`, name, type);
      expect(answer, `${kind}: ${name} ${type}`).toMatch(expected);
    }
  });
});
