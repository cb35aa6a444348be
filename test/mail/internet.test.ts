import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aMoment,
  certificatesOf,
  certified,
  createMailInternet,
  issuedToAnother,
  joinBox,
  joinPlain,
  type MailBox,
  type MailInternet,
} from '../kit/mail-internet.ts';
import type { MailMachine } from '../kit/mail-machine.ts';
import { missing } from '../kit/requires.ts';
import { until } from '../kit/until.ts';

const commands = [
  'unshare',
  'nsenter',
  'ip',
  'nsd',
  'ldns-signzone',
  'unbound',
  'pebble',
  'lego',
  'mta-sts-daemon',
  'postfix',
  'dovecot',
  'rspamd',
  'redis-server',
  'swaks',
  'curl',
];
const reason = missing({ root: true, commands });

/** Milliseconds. */
const MINUTE = 60_000;
/** Messages that are sent while the certificate changes. */
const MESSAGES = Number(process.env['MESSAGES'] ?? 200);

const alice = { address: 'alice@alpha.test', password: 'correct horse battery' };
const bob = { address: 'bob@beta.test', password: 'staple of another kind' };
/** At A, too; B forwards to this one. */
const dave = { address: 'dave@alpha.test', password: 'one more of those passwords' };
/** Of a domain without DNSSEC. */
const carol = { address: 'carol@gamma.test', password: 'a long way to Tipperary' };

const alpha = { hostname: 'box.alpha.test', address: '11.53.5.1', zones: ['alpha.test'] };
const beta = { hostname: 'box.beta.test', address: '11.53.6.1', zones: ['beta.test', 'gamma.test'] };

const plain = { hostname: 'mx.plain.test', address: '11.53.7.1', domain: 'plain.test' };
const plainRecords = [
  `${plain.domain}. IN MX 10 ${plain.hostname}.`,
  `${plain.domain}. IN TXT "v=spf1 mx -all"`,
  `${plain.hostname}. IN A ${plain.address}`,
];

/** Milliseconds. */
const longest = 4 * MINUTE + MESSAGES * 400;

describe.skipIf(reason)(`two boxes and their mail ${reason ?? ''}`, { timeout: longest }, () => {
  let world: MailInternet;
  let a: MailBox;
  let b: MailBox;
  let other: MailMachine;

  beforeAll(async () => {
    world = await createMailInternet(plainRecords);
    await world.delegate([alpha, beta]);
    [a, b] = (await Promise.all([alpha, beta].map((one) => joinBox(world, one)))) as [MailBox, MailBox];
    for (const name of alpha.zones) a.api('POST', '/domains', { name });
    for (const name of beta.zones) b.api('POST', '/domains', { name });
    for (const mailbox of [alice, dave]) a.api('POST', '/mailboxes', mailbox);
    for (const mailbox of [bob, carol]) b.api('POST', '/mailboxes', mailbox);
    other = await joinPlain(world, plain);
    await certified([a, b]);
    await world.sign(
      [
        { box: a, zones: alpha.zones },
        { box: b, zones: beta.zones },
      ],
      ['gamma.test'],
    );
    // Each message has a TLS session of its own, and what waits is tried again soon.
    const impatient = [
      'smtp_tls_connection_reuse = no',
      'smtp_connection_cache_on_demand = no',
      'queue_run_delay = 2s',
      'minimal_backoff_time = 2s',
      'maximal_backoff_time = 4s',
      '',
    ];
    a.machine.write('/etc/signpost/postfix-main.cf', impatient.join('\n'));
    for (const { cli, agent } of [a, b]) {
      const { status, output } = cli('mail', 'apply', '--yes');
      expect(status, output + agent.output()).toBe(0);
    }
  }, 20 * MINUTE);
  afterAll(async () => {
    await Promise.all([a.close(), b.close(), other.close()]);
    await world.close();
  }, MINUTE);

  const log = ({ machine }: { machine: MailMachine }): string =>
    machine.ask('cat', ['/var/log/postfix.log']).output;

  /** What A’s Postfix said of TLS with B since. */
  const sessions = (since = ''): string[] =>
    log(a)
      .slice(since.length)
      .split('\n')
      .filter((line) => line.includes('TLS connection established to box.beta.test'));

  /** Alice hands in a message at her own box. */
  function send(to: string, subject: string, ...more: string[]): void {
    const auth = ['--auth', 'PLAIN', '--auth-user', alice.address, '--auth-password', alice.password];
    const server = ['--server', a.hostname, '--timeout', '60s', ...auth];
    const tls = more.includes('--tls') ? ['--port', '587'] : ['--port', '465', '--tls-on-connect'];
    const message = ['--from', alice.address, '--to', to, '--header', `Subject: ${subject}`];
    const { output } = a.machine.ask('swaks', [...server, ...tls, ...message, ...more]);
    expect(output).toMatch(/250 2\.0\.0 Ok: queued/);
  }

  /** What is read over IMAP, from the machine of A: the name and the certificate must be right. */
  function imap(who: typeof bob, path: string, command?: string): string {
    const url = `imaps://box.${who.address.endsWith('@alpha.test') ? 'alpha' : 'beta'}.test/${path}`;
    const request = command === undefined ? [] : ['-X', command];
    const user = `${who.address}:${who.password}`;
    return a.machine.ask('curl', ['-sS', '--max-time', '60', '--user', user, url, ...request]).output;
  }

  /** Messages with this in their subject, by number. */
  const found = (who: typeof bob, subject: string, folder = 'INBOX'): string[] =>
    /SEARCH( [\d ]+)/
      .exec(imap(who, folder, `SEARCH SUBJECT "${subject}"`))?.[1]
      ?.trim()
      .split(' ') ?? [];

  /** The message, with each header in one line. */
  const arrived = (who: typeof bob, subject: string, folder = 'INBOX'): Promise<string> =>
    until(
      90,
      async () => {
        await aMoment();
        const index = found(who, subject, folder).at(-1);
        return index && imap(who, `${folder};MAILINDEX=${index}`).replaceAll(/\r?\n[ \t]+/g, ' ');
      },
      () =>
        Promise.resolve(
          [imap(who, folder, 'SEARCH ALL'), log(a), log(b), log({ machine: other }), b.agent.output()]
            .map((text) => text.slice(-4000))
            .join('\n---\n'),
        ),
    );

  /** What Postfix is told about a domain. */
  function policyOf(domain: string): string {
    const map = a.machine.run('postconf', '-h', 'smtp_tls_policy_maps').trim();
    return a.machine.ask('postmap', ['-q', domain, map]).output.trim();
  }

  it.each([
    ['465', []],
    ['587', ['--tls']],
  ])('takes a message on port %s of A to a person at B, who reads it over IMAP', async (port, flags) => {
    send(bob.address, `by ${port}`, ...flags);
    expect(await arrived(bob, `by ${port}`)).toContain('This is a test mailing');
  });

  it('RFC 7208 §2.4, RFC 9989 §4.4: has its sender verified by B: SPF, DKIM by both algorithms, DMARC', async () => {
    const message = await arrived(bob, 'by 465');
    const results = /^Authentication-Results: box\.beta\.test;.*$/m.exec(message)?.[0];
    expect(results, message).toMatch(/\bspf=pass\b.* smtp\.mailfrom=alice@alpha\.test/);
    expect(results?.match(/\bdkim=pass header\.d=alpha\.test/g), message).toHaveLength(2);
    expect(results).toMatch(/\bdmarc=pass\b.* header\.from=alpha\.test/);
  });

  interface Dkim {
    keys: { selector: string; algorithm: string; state: string }[];
    next: { step: string; waitsFor: string | null } | null;
    problem: { reason: string } | null;
  }
  const dkim = (): Dkim => a.api('GET', '/domains/alpha.test/dkim') as Dkim;
  const selectors = (state: string): string[] =>
    dkim()
      .keys.filter((key) => key.state === state)
      .map(({ selector }) => selector);
  const inState = (state: string, count: number): Promise<true> =>
    until(
      120,
      async () => {
        await aMoment();
        return selectors(state).length === count || undefined;
      },
      () => Promise.resolve(JSON.stringify(dkim()) + a.box.output().slice(-3000)),
    );
  /** Selectors of the signatures that B found good. */
  const good = (message: string): string[] => {
    const results = /^Authentication-Results: box\.beta\.test;.*$/m.exec(message)?.[0] ?? '';
    return [...results.matchAll(/\bdkim=pass header\.d=alpha\.test header\.s=(\w+)/g)].map(
      ([, selector]) => selector!,
    );
  };
  const sorted = (names: readonly string[]): string[] => [...names].sort();

  it('verifies what was signed before new DKIM keys, with the old ones shortly before, and with the new ones', async () => {
    // For as long caches say that a selector is not there.
    a.api('PATCH', '/zones/alpha.test', { ttl: 5 });
    const old = selectors('active');
    expect(old).toHaveLength(2);
    send(bob.address, 'before the new keys');
    expect(sorted(good(await arrived(bob, 'before the new keys')))).toEqual(sorted(old));

    // What A signs now does not leave before others sign.
    a.machine.run('ip', 'route', 'add', 'blackhole', `${b.address}/32`);
    send(bob.address, 'under way');
    const { status, output } = a.cli('dkim', 'rotate', 'alpha.test');
    expect(status, output).toBe(0);
    expect(selectors('published')).toHaveLength(2);
    await inState('retired', 2);
    expect(sorted(selectors('retired'))).toEqual(sorted(old));
    a.machine.run('ip', 'route', 'del', 'blackhole', `${b.address}/32`);

    const fresh = selectors('active');
    send(bob.address, 'after the new keys');
    expect(sorted(good(await arrived(bob, 'after the new keys')))).toEqual(sorted(fresh));
    expect(sorted(good(await arrived(bob, 'under way')))).toEqual(sorted(old));
    // Only those can sign any more.
    const files = a.machine.run('ls', '/var/lib/signpost-dkim/alpha.test').trim().split('\n');
    expect(sorted(files)).toEqual(sorted(fresh.map((selector) => `${selector}.key`)));
  });

  it('signs with others at once, and revokes what was in wrong hands', async () => {
    const lost = selectors('active');
    expect(a.cli('dkim', 'rotate', 'alpha.test', '--emergency', '--yes').status).toBe(0);
    for (const selector of lost)
      expect(
        a.machine.run('dig', '+short', `@${a.address}`, `${selector}._domainkey.alpha.test`, 'TXT'),
      ).toMatch(/p="?$/m);
    await until(60, async () => {
      await aMoment();
      return dkim().next?.step !== 'retire' || undefined;
    });
    const fresh = selectors('active');
    send(bob.address, 'with others');
    expect(sorted(good(await arrived(bob, 'with others')))).toEqual(sorted(fresh));
  });

  it('RFC 8461 §2: verifies B by DANE, which goes before MTA-STS', () => {
    const verified = /Verified TLS connection established to box\.beta\.test\[11\.53\.6\.1\]:25/;
    expect(sessions().at(-1)).toMatch(verified);
    expect(policyOf('beta.test')).toBe('dane-only');
  });

  it('RFC 8461 §4: verifies B by MTA-STS for a domain without DNSSEC', async () => {
    expect(policyOf('gamma.test')).toBe('secure match=box.beta.test servername=hostname');
    const before = log(a);
    send(carol.address, 'by MTA-STS');
    await arrived(carol, 'by MTA-STS');
    expect(sessions(before)).toEqual([expect.stringContaining(' Verified TLS connection established')]);
  });

  it('exchanges mail with a Postfix that promises nothing', async () => {
    send('eve@plain.test', 'to a plain one');
    const received = await until(
      90,
      () => {
        const all = other.ask('cat', ['/srv/mail/all']).output;
        return Promise.resolve(all.includes('Subject: to a plain one') ? all : undefined);
      },
      () => Promise.resolve(log(a).slice(-3000)),
    );
    expect(received.match(/^DKIM-Signature:/gm)).toHaveLength(2);
    const message = [
      '--from',
      'eve@plain.test',
      '--to',
      bob.address,
      '--header',
      'Subject: from a plain one',
    ];
    expect(other.ask('swaks', ['--server', '127.0.0.1', ...message]).output).toMatch(
      /250 2\.0\.0 Ok: queued/,
    );
    expect(await arrived(bob, 'from a plain one')).toMatch(
      /^Authentication-Results: box\.beta\.test;.*\bspf=pass\b.* smtp\.mailfrom=eve@plain\.test/m,
    );
  });

  it('puts into Junk what only says that it is of A, and refuses it where A sends no mail from', async () => {
    const spoof = (from: string, subject: string): string => {
      const flags = ['--server', b.address, '--helo', 'mallory.test', '--timeout', '60s'];
      const message = ['--from', from, '--to', bob.address, '--header', `Subject: ${subject}`];
      const [command, ...args] = [...world.internet.prefix, 'swaks', ...flags, ...message];
      return spawnSync(command!, args, { encoding: 'utf8' }).stdout;
    };
    expect(spoof(alice.address, 'spoofed')).toMatch(/250 2\.0\.0 Ok: queued/);
    const message = await arrived(bob, 'spoofed', 'Junk');
    expect(message).toMatch(/^Authentication-Results: box\.beta\.test;.*\bdmarc=fail/m);
    expect(spoof(`root@ns1.${a.hostname}`, 'refused')).toMatch(/<\*\* 5\d\d 5\.7\.1 /);
  });

  it('seals what it forwards, so that A sees how B found it', async () => {
    b.api('POST', '/aliases', { address: 'fans@beta.test', targets: ['dave@alpha.test'] });
    send('fans@beta.test', 'forwarded');
    const message = await arrived(dave, 'forwarded');
    expect(message).toMatch(/^ARC-Seal: i=1;.* d=beta\.test;/m);
    const seen = /^Authentication-Results: box\.alpha\.test;.*/m.exec(message)?.[0];
    expect(seen, message).toMatch(/\barc=pass\b/);
    expect(seen).toMatch(/\bdmarc=pass\b/);
  });

  /** The serial number of what B shows on port 25; undefined: it shows nothing. */
  function servedSerial(): string | undefined {
    const client = `openssl s_client -starttls smtp -connect ${b.hostname}:25 </dev/null 2>/dev/null | openssl x509 -noout -serial`;
    return /^serial=([0-9A-F]+)$/m.exec(a.machine.ask('sh', ['-c', client]).output)?.[1];
  }

  it(`loses none of ${MESSAGES} messages and sends none unverified while the certificate of B changes`, async () => {
    const before = log(a);
    const serial = servedSerial();
    expect(serial).toBeDefined();
    const { id } = certificatesOf(b).find(({ names }) => names.includes(b.hostname))!;
    const script = [
      'import smtplib, sys',
      'host, user, password, to, count = sys.argv[1:]',
      'with smtplib.SMTP_SSL(host, 465) as server:',
      '    server.login(user, password)',
      '    for number in range(int(count)):',
      '        head = f"From: {user}\\r\\nTo: {to}\\r\\nSubject: roll {number}.\\r\\n"',
      '        server.sendmail(user, [to], f"{head}\\r\\n{number}\\r\\n")',
    ];
    const args = [a.hostname, alice.address, alice.password, bob.address, String(MESSAGES)];
    const sender = a.machine.start('/usr/bin/python3', '-c', script.join('\n'), ...args);
    const ended = new Promise((resolve) => sender.on('exit', resolve));
    let complaints = '';
    sender.stderr!.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
    await until(60, async () => {
      await aMoment();
      return sessions(before).length > MESSAGES / 20 || undefined;
    });
    b.api('POST', `/certificates/${id}/renew`);
    expect(await ended, complaints).toBe(0);
    await until(
      150,
      async () => {
        await aMoment();
        const shown = servedSerial();
        return (shown !== undefined && shown !== serial) || undefined;
      },
      () =>
        Promise.resolve(
          JSON.stringify(certificatesOf(b)) + b.box.output().slice(-2000) + b.agent.output().slice(-2000),
        ),
    );
    send(bob.address, 'roll after.');
    await until(
      Math.max(120, MESSAGES / 4),
      async () => {
        await aMoment();
        return found(bob, 'roll ').length > MESSAGES || undefined;
      },
      () => Promise.resolve(`${found(bob, 'roll ').length} of ${MESSAGES} and one: ${log(a).slice(-3000)}`),
    );
    expect(found(bob, 'roll ')).toHaveLength(MESSAGES + 1);
    const kinds = new Set(sessions(before).map((line) => / (\S+) TLS connection established/.exec(line)![1]));
    expect([...kinds]).toEqual(['Verified']);
  });

  /** Has B’s Postfix show this certificate, until what is returned is called. */
  async function showInstead(pem: string): Promise<() => Promise<void>> {
    const file = '/etc/postfix/signpost/tls.pem';
    const right = b.machine.read(file);
    const show = async (text: string): Promise<void> => {
      b.machine.write(file, text, '600');
      b.machine.run('postfix', 'reload');
      const { serialNumber } = new X509Certificate(text);
      // Those that were about to take a connection take one more.
      await until(60, () => Promise.resolve(servedSerial() === serialNumber || undefined));
    };
    await show(pem);
    return () => show(right);
  }

  const waits = (to: string, why: string): Promise<true> =>
    until(
      60,
      async () => {
        await aMoment();
        const line = log(a)
          .split('\n')
          .findLast((one) => one.includes(`to=<${to}>`));
        return (line?.includes('status=deferred') && line.includes(why)) || undefined;
      },
      () => Promise.resolve(log(a).slice(-3000)),
    );

  it('RFC 8461 §2: keeps a message while B shows what its TLSA records deny, though a CA has issued it for the name', async () => {
    const showRight = await showInstead(issuedToAnother(b, world.pebble, 'beta.test'));
    const before = log(a);
    send(bob.address, 'not by this one');
    await waits(bob.address, 'Server certificate not verified');
    expect(log(a).slice(before.length)).toContain('no matching DANE TLSA records');
    send(carol.address, 'good enough for MTA-STS');
    await arrived(carol, 'good enough for MTA-STS');
    // That to Bob is tried again and again.
    expect(sessions(before).filter((line) => line.includes(' Verified '))).toHaveLength(1);
    await showRight();
    await arrived(bob, 'not by this one');
  });

  it('RFC 8461 §4.2, §5: keeps a message while B shows a certificate for no name of the policy', async () => {
    const showRight = await showInstead(b.exported('*.gamma.test'));
    send(carol.address, 'not by that one');
    await waits(carol.address, 'Server certificate not verified');
    await showRight();
    await arrived(carol, 'not by that one');
  });
});
