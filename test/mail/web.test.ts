import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningBox, startBox } from '../kit/box.ts';
import { boxOn } from '../kit/box-on-machine.ts';
import { type RunningAgent, startAgent } from '../kit/mail-agent.ts';
import { createMailMachine, type MailMachine, resolveOnly } from '../kit/mail-machine.ts';
import { type Issued, openssl } from '../kit/openssl.ts';
import { missing } from '../kit/requires.ts';
import { until } from '../kit/until.ts';
import { webmailAt, type Webmail } from '../kit/webmail.ts';

const commands = [
  'unshare',
  'nsenter',
  'postfix',
  'dovecot',
  'rspamd',
  'redis-server',
  'openssl',
  'curl',
  'swaks',
];
const reason = missing({ root: true, commands: [...commands, 'nginx', 'php-fpm8.2'] });

/** `DEBIAN=13`: with the daemons of that Debian in place of this machine's. */
const base = process.env['DEBIAN'] === '13' ? ('trixie-mail' as const) : undefined;

/** Milliseconds. */
const MINUTE = 60_000;
const data = '/srv/signpost';
const host = 'box.example.net';
/** Where the machine has the root of the certificates; the system knows it, too. */
const ca = '/usr/local/share/ca-certificates/test.crt';
const anna = { address: 'anna@example.com', password: 'a long way to Tipperary' };

describe.skipIf(reason)(`the web of a box ${reason ?? ''}`, { timeout: 3 * MINUTE }, () => {
  const tool = openssl();
  const root = tool.issue({ subject: 'Test CA', ca: true });
  let machine: MailMachine;
  let box: RunningBox;
  let agent: RunningAgent;
  let webmail: Webmail;

  beforeAll(async () => {
    machine = await createMailMachine(host, base);
    machine.write(ca, root.certificate);
    machine.run('update-ca-certificates');
    resolveOnly(machine, [`${host}. A 127.0.0.1`]);
    machine.run('mkdir', '-p', data);
    box = await startBox({
      ...{ data, prefix: machine.prefix, workers: 1, patience: 2 * MINUTE },
      ...{ http: '127.0.0.1:8080', https: '127.0.0.1:443', flags: ['--web', 'nginx'] },
    });
    install([host]);
    api('POST', '/domains', { name: 'example.com' });
    api('POST', '/mailboxes', { ...anna, displayName: 'Anna', quota: 100_000_000 });
    agent = await startAgent(machine);
    webmail = webmailAt(machine, { host, ca, name: 'anna' });
  }, 4 * MINUTE);
  afterAll(async () => {
    tool.remove();
    await agent.stop();
    await box.kill();
    await machine.close();
  }, MINUTE);

  const { api, cli } = boxOn(() => machine, data);
  /** A certificate of a person's own, for the box to use from now on. */
  function install(names: string[]): Issued {
    const issued = tool.issue({ names, issuer: root });
    expect(
      api('POST', '/certificates/install', {
        chain: issued.certificate + root.certificate,
        privateKey: issued.key,
      }),
    ).toMatchObject({ kind: 'own' });
    return issued;
  }
  /** What a browser gets that looks up names here, and checks certificates. */
  function browse(url: string, ...more: string[]): { status: number; head: string; text: string } {
    const { hostname } = new URL(url);
    const connect = ['--resolve', `${hostname}:443:127.0.0.1`, '--resolve', `${hostname}:80:127.0.0.1`];
    const { output } = machine.ask('curl', [
      '-sSi',
      '--max-time',
      '30',
      '--cacert',
      ca,
      ...connect,
      ...more,
      url,
    ]);
    const end = output.indexOf('\r\n\r\n');
    const status = Number(/^HTTP\/[\d.]+ (\d+)/.exec(output)?.[1] ?? 0);
    return { status, head: output.slice(0, end), text: output.slice(end + 4) };
  }
  const logs = (): string =>
    machine.ask('sh', ['-c', 'tail -n 20 /var/log/nginx/error.log /var/log/roundcube/* /var/log/postfix.log'])
      .output + agent.output().slice(-3000);

  it('plans the web servers because they are wanted, and applies them with the mail servers', () => {
    expect(cli('mail', 'plan').output).toContain('create /etc/roundcube/signpost/config.inc.php');
    const { status, output } = cli('mail', 'apply', '--yes');
    expect(output, agent.output()).toMatch(/roundcube +applied[\s\S]*nginx +applied/);
    expect(status).toBe(0);
    expect(cli('mail', 'plan').output.trim()).toBe('Nothing would change.');
  });

  it('RFC 8461 §3.3, §7.1: goes on serving the API, policies and what mail programs look up, each by its own certificate', () => {
    install(['example.com', '*.example.com']);
    expect(browse(`https://${host}/api/v1/domains`).status).toBe(401);
    const policy = browse('https://mta-sts.example.com/.well-known/mta-sts.txt');
    expect([policy.status, policy.text]).toEqual([200, expect.stringContaining(`mx: ${host}`)]);
    expect(browse('https://autoconfig.example.com/mail/config-v1.1.xml').text).toContain('<clientConfig');
    const atBox = browse(`https://${host}/mail/config-v1.1.xml?emailaddress=${anna.address}`);
    expect(atBox.text).toContain('<clientConfig');
  });

  it('lets a person in at /mail of the box, and nobody with a wrong password', () => {
    expect(browse(`https://${host}/mail`).head).toMatch(/^HTTP\/1\.1 301 [\s\S]*location: \/mail\/\r/im);
    expect(browse(`https://${host}/mail/`).head).toMatch(/strict-transport-security: max-age=\d+/i);
    expect(webmail.signIn(anna.address, 'wrong')).toBe(false);
    expect(webmail.signIn(anna.address, anna.password), logs()).toBe(true);
    expect(webmail.get('?_task=settings&_action=plugin.managesieve').text).not.toContain('Unable to connect');
    const quota = webmail.get('?_task=mail&_action=getunread&_remote=1').text;
    expect(webmail.get('?_task=mail&_mbox=INBOX').text + quota).toMatch(/"percent":0|95\.4 MB/);
  });

  it('shows a message that was delivered, and sends one', async () => {
    const from = ['--from', 'someone@remote.example', '--helo', 'remote.example', '--timeout', '90s'];
    const subject = ['--header', 'Subject: from the world'];
    const delivered = machine.ask('swaks', [
      '--server',
      '127.0.0.1',
      ...from,
      '--to',
      anna.address,
      ...subject,
    ]);
    expect(delivered.output).toMatch(/250 2\.0\.0 Ok: queued/);
    const inbox = (): string => webmail.get('?_task=mail&_action=list&_mbox=INBOX&_remote=1').text;
    const seen = (text: string): Promise<true> =>
      until(
        60,
        () => Promise.resolve(inbox().includes(text) || undefined),
        () => Promise.resolve(inbox() + logs()),
      );
    await seen('from the world');
    expect(webmail.get('?_task=mail&_action=show&_mbox=INBOX&_uid=1').text).toContain(
      'This is a test mailing',
    );
    expect(webmail.send(anna.address, 'to myself', 'by webmail'), logs()).toContain('sent_successfully');
    await seen('to myself');
    expect(webmail.get('?_task=mail&_action=list&_mbox=Sent&_remote=1').text).toContain('to myself');
  });

  it('changes the password, which then works everywhere, and the old one nowhere', () => {
    const next = 'four words that rhyme';
    expect(webmail.changePassword(anna.password, 'short'), logs()).toContain('at least 10 characters');
    expect(webmail.changePassword(anna.password, 'anna@example.com1')).toContain('made of the address');
    expect(webmail.changePassword('not this one', next)).not.toContain('Successfully saved');
    expect(webmail.changePassword(anna.password, next), logs()).toContain('Successfully saved');
    const mayRead = (password: string): boolean => {
      const user = ['-sk', '--max-time', '30', '--user', `${anna.address}:${password}`];
      const { output } = machine.ask('curl', [
        ...user,
        'imaps://127.0.0.1/',
        '-X',
        'STATUS INBOX (MESSAGES)',
      ]);
      return /MESSAGES \d/.test(output);
    };
    expect([mayRead(next), mayRead(anna.password)]).toEqual([true, false]);
    // The session goes on with the new one.
    expect(webmail.get('?_task=mail&_action=list&_mbox=INBOX&_remote=1').text).toContain('from the world');
    expect(JSON.stringify(api('GET', '/audit'))).toContain('mailbox.update');
  });

  it('serves nothing of Roundcube but its pages, pictures and scripts', () => {
    expect(browse(`https://${host}/mail/skins/elastic/styles/styles.min.css`).status).toBe(200);
    for (const path of [
      'plugins/password/password.php',
      'config/config.inc.php',
      'installer/',
      '../etc/passwd',
    ])
      expect(browse(`https://${host}/mail/${path}`, '--path-as-is').status, path).toBe(404);
  });

  it('serves the site of a domain, at its name alone, by HTTPS', () => {
    expect(browse('https://example.com/').text).toContain('Nothing here yet');
    machine.write('/var/www/example.com/index.html', 'a site');
    machine.write('/var/www/example.com/.git/config', 'a secret');
    expect(browse('https://example.com/').text).toBe('a site');
    expect(browse('https://example.com/.git/config').status).toBe(404);
    expect(browse('https://www.example.com/a?b=c').head).toMatch(
      /^location: https:\/\/example\.com\/a\?b=c\r?$/im,
    );
    expect(browse('http://example.com/a').head).toMatch(/^location: https:\/\/example\.com\/a\r?$/im);
    // Another domain's folder is nobody's site, until it is a domain of this box.
    machine.write('/var/www/example.org/index.html', 'not yet');
    expect(browse('https://example.org/', '-k').status).toBe(404);
    api('PATCH', '/domains/example.com', { web: false });
    expect(browse('https://example.com/').status).toBe(404);
    api('PATCH', '/domains/example.com', { web: true });
  });

  it('serves a new certificate from the next handshake on, with nothing reloaded', () => {
    const leaf = (name: string): string =>
      machine.ask('sh', [
        '-c',
        `openssl s_client -connect 127.0.0.1:443 -servername ${name} </dev/null 2>/dev/null | openssl x509 -noout -serial`,
      ]).output;
    const before = leaf('www.example.com');
    const pid = machine.read('/run/nginx.pid');
    install(['example.com', '*.example.com']);
    expect(leaf('www.example.com')).toMatch(/^serial=/);
    expect(leaf('www.example.com')).not.toBe(before);
    expect(browse('https://example.com/').text).toBe('a site');
    expect(machine.read('/run/nginx.pid')).toBe(pid);
  });

  it('takes what a person adds: a redirect, and HSTS, for a domain', () => {
    const server = 'server { listen 127.0.0.1:8090; server_name example.com;';
    const answer = 'add_header Strict-Transport-Security "max-age=60"; return 200 "mine"; }';
    machine.write('/etc/signpost/nginx.conf', `${server} ${answer}\n`);
    const { status, output } = cli('mail', 'apply', '--yes');
    expect(status, output).toBe(0);
    const { head, text } = browse('https://example.com/');
    expect([head, text]).toEqual([expect.stringMatching(/strict-transport-security: max-age=60/i), 'mine']);
    machine.write('/etc/signpost/nginx.conf', 'server { lisstten 1; }\n');
    expect(cli('mail', 'apply', '--yes').output).toMatch(/nginx +refused[\s\S]*lisstten/);
    expect(browse('https://example.com/').text).toBe('mine');
  });
});
