import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RunningBox, startBox } from './box.ts';
import { createInternet, type Delegation, type Internet } from './internet.ts';
import { type RunningAgent, startAgent } from './mail-agent.ts';
import { createMailMachine, type MailMachine } from './mail-machine.ts';
import { type Pebble, startPebble } from './pebble.ts';
import { programs } from './programs.ts';
import { until } from './until.ts';

/** Milliseconds. */
const MINUTE = 60_000;
const data = '/srv/signpost';

/** The small internet, with a CA and a resolver that validates for it, and whose machines are Signpost boxes. */
export interface MailInternet {
  internet: Internet;
  pebble: Pebble;
  /** Has the TLD delegate these zones to boxes that will be there, without DS: the CA will find them from the beginning. */
  delegate(children: { hostname: string; address: string; zones: string[] }[]): Promise<void>;
  /** Has it delegate them as these boxes say, with DS for all but `unsigned`. */
  sign(boxes: { box: MailBox; zones: string[] }[], unsigned: string[]): Promise<void>;
  close(): Promise<void>;
}

export interface MailBox {
  hostname: string;
  address: string;
  machine: MailMachine;
  box: RunningBox;
  agent: RunningAgent;
  api: (method: string, path: string, body?: unknown) => unknown;
  cli: (...args: string[]) => { status: number; output: string };
  /** A certificate with its key, PEM, for any of its names. */
  exported(name: string): string;
  close(): Promise<void>;
}

/** What validates for those who have no resolver of their own. */
const resolver = '11.53.0.53';

/** `records` are in the zone of the TLD. Needs root. */
export async function createMailInternet(records: readonly string[]): Promise<MailInternet> {
  const internet = await createInternet(records);
  const ca = '11.53.0.3';
  for (const address of [resolver, ca]) internet.run('ip', 'address', 'add', address, 'dev', 'lo');
  const config = join(internet.folder, 'unbound.conf');
  writeFileSync(config, publicResolver(internet, resolver));
  internet.start('unbound', '-d', '-c', config);
  await until(60, () => {
    const asked = ['dig', '+short', '+time=1', '+tries=1', `@${resolver}`, 'test.', 'SOA'];
    return Promise.resolve(answered(internet, asked) || undefined);
  });
  const pebble = await startPebble({
    within: { prefix: internet.prefix, address: ca },
    dns: `${resolver}:53`,
  });
  return {
    internet,
    pebble,
    delegate: (children) =>
      internet.delegate(
        children.flatMap(({ hostname, address, zones }) => {
          const nameservers = [`ns1.${hostname}`, `ns2.${hostname}`];
          const glue = nameservers.map((name) => ({ name, addresses: [address] }));
          return zones.map((name, first) => ({ name, nameservers, glue: first === 0 ? glue : [], ds: [] }));
        }),
      ),
    async sign(boxes, unsigned) {
      const views = boxes.flatMap(({ box, zones }) =>
        zones.map((name, first): Delegation => {
          const view = box.api('GET', `/domains/${name}/registrar`) as Delegation;
          const { nameservers, glue, ds } = view;
          return { name, nameservers, glue: first === 0 ? glue : [], ds: unsigned.includes(name) ? [] : ds };
        }),
      );
      await internet.delegate(views);
    },
    async close() {
      await pebble.stop();
      await internet.close();
    },
  };
}

function answered(internet: Internet, [command, ...args]: string[]): boolean {
  try {
    return internet.run(command!, ...args) !== '';
  } catch {
    return false;
  }
}

function publicResolver(internet: Internet, address: string): string {
  return `server:
  interface: ${address}
  access-control: 11.0.0.0/8 allow
  do-daemonize: no
  username: ""
  chroot: ""
  directory: "${internet.folder}"
  pidfile: ""
  use-syslog: no
  root-hints: "${internet.hints}"
  trust-anchor-file: "${internet.anchor}"
  local-zone: "test." nodefault
  cache-max-ttl: 5
  cache-max-negative-ttl: 1
  # Else an NSEC that somebody's question for another name brought denies, for as long as it lives, what a CA asks for (RFC 8198 §5.4).
  aggressive-nsec: no
remote-control:
  control-enable: no
`;
}

/** A machine with Signpost, its agent, and a mail server that nothing is configured of yet. */
export async function joinBox(
  { internet, pebble }: MailInternet,
  { hostname, address }: { hostname: string; address: string },
): Promise<MailBox> {
  const machine = await createMailMachine(hostname);
  internet.join(machine.pid, address);
  const hints = '/etc/signpost/root.hints';
  machine.write(hints, readFileSync(internet.hints, 'utf8'));
  machine.write('/etc/signpost/root.anchor', readFileSync(internet.anchor, 'utf8'));
  // Where a person puts what their network has in place of the internet's (docs/mail.md).
  machine.write(
    '/etc/signpost/unbound.conf',
    `server:
  root-hints: "${hints}"
  trust-anchor-file: "/etc/signpost/root.anchor"
  local-zone: "test." nodefault
`,
  );
  machine.write('/usr/local/share/ca-certificates/pebble.crt', await pebble.root());
  machine.run('update-ca-certificates');
  machine.write('/etc/signpost/acme-ca.pem', readFileSync(pebble.ca, 'utf8'));
  machine.run('mkdir', '-p', data);
  const box = await startBox({
    data,
    hostname,
    ipv4: address,
    prefix: machine.prefix,
    dns: '0.0.0.0:53',
    https: '0.0.0.0:443',
    workers: 1,
    patience: 3 * MINUTE,
    flags: [
      '--root-hints',
      hints,
      '--acme-directory',
      pebble.directory,
      '--acme-ca',
      '/etc/signpost/acme-ca.pem',
    ],
  });
  const call = (method: string, path: string, body?: unknown, headers: string[] = []): unknown => {
    const json =
      body === undefined ? [] : ['-H', 'content-type: application/json', '-d', JSON.stringify(body)];
    const socket = ['--unix-socket', `${data}/signpost.sock`, `http://box/api/v1${path}`];
    const { status, output } = machine.ask('curl', [
      '-sS',
      '--fail-with-body',
      '-X',
      method,
      ...headers,
      ...json,
      ...socket,
    ]);
    if (status !== 0) throw new Error(`${method} ${path}: ${output}`);
    return output === '' ? undefined : (JSON.parse(output) as unknown);
  };
  // A new key waits until no cache has TLSA without it: for this, and a minute.
  call('PUT', '/box', { hostname, ipv4: [address], ttl: 5 });
  const agent = await startAgent(machine);
  const mailBox: MailBox = {
    hostname,
    address,
    machine,
    box,
    agent,
    api: (method, path, body) => call(method, path, body),
    exported(name) {
      const { id } = certificatesOf(mailBox).find(({ names }) => names.includes(name))!;
      const scopes = [{ scope: 'certificates:export-key' }];
      const { secret } = call('POST', '/tokens', { name: 'export', scopes }) as { secret: string };
      const headers = ['-H', `authorization: Bearer ${secret}`];
      const { certificate, privateKey } = call(
        'POST',
        `/certificates/${id}/export-key`,
        undefined,
        headers,
      ) as {
        certificate: { chain: string };
        privateKey: string;
      };
      return `${privateKey.trim()}\n${certificate.chain}`;
    },
    cli: (...args) =>
      machine.ask(process.execPath, [
        '--disable-warning=ExperimentalWarning',
        programs.cli,
        '--data',
        data,
        ...args,
      ]),
    async close() {
      await agent.stop();
      await box.kill();
      await machine.close();
    },
  };
  return mailBox;
}

/** A machine with Postfix alone, as few lines make one: for one domain, whose mail is in `/srv/mail/all`. */
export async function joinPlain(
  { internet }: MailInternet,
  { hostname, address, domain }: { hostname: string; address: string; domain: string },
): Promise<MailMachine> {
  const machine = await createMailMachine(hostname);
  internet.join(machine.pid, address);
  machine.write('/etc/resolv.conf', `nameserver ${resolver}\n`);
  machine.run('install', '-d', '-o', 'mail', '/srv/mail');
  const lines = [
    'compatibility_level = 3.6',
    `myhostname = ${hostname}`,
    'mydestination =',
    'mynetworks = 127.0.0.0/8',
    'maillog_file = /var/log/postfix.log',
    'alias_maps =',
    `virtual_mailbox_domains = ${domain}`,
    'virtual_mailbox_base = /srv/mail',
    'virtual_mailbox_maps = static:all',
    'virtual_minimum_uid = 1',
    'virtual_uid_maps = static:8',
    'virtual_gid_maps = static:8',
    'smtp_tls_security_level = may',
    '',
  ];
  machine.write('/etc/postfix/main.cf', lines.join('\n'));
  machine.run('postconf', '-F', '*/*/chroot=n');
  machine.run('postfix', 'start');
  return machine;
}

/**
 * A certificate (with its key, PEM) for the box's name, of the same CA, of which the box knows nothing: somebody proved with a record in its
 * zone that the name is theirs.
 */
export function issuedToAnother({ machine, hostname }: MailBox, { directory }: Pebble, zone: string): string {
  const post = `curl -sS --fail --unix-socket ${data}/signpost.sock -H 'content-type: application/json'`;
  const record = '{"owner":"%s","type":"TXT","ttl":60,"value":"\\\\"%s\\\\""}';
  const script = `#!/bin/sh
[ "$1" = present ] || exit 0
printf '{"records":[${record}]}' "\${2%.}" "$3" | ${post} -d @- http://box/api/v1/zones/${zone}/records
`;
  machine.write('/srv/add-record', script, '755');
  const env = ['EXEC_PATH=/srv/add-record', 'LEGO_CA_CERTIFICATES=/etc/signpost/acme-ca.pem'];
  const who = ['--accept-tos', '--email', `mallory@${zone}`, '--path', '/srv/lego'];
  const how = ['--server', directory, '--dns', 'exec', '--dns.disable-cp', '--domains', hostname, 'run'];
  machine.run('env', ...env, 'lego', ...who, ...how);
  const file = (ending: string): string => machine.read(`/srv/lego/certificates/${hostname}.${ending}`);
  return file('key') + file('crt');
}

/** Waits until the CA has issued all that these boxes want. */
export async function certified(boxes: readonly MailBox[]): Promise<void> {
  for (const box of boxes)
    await until(
      180,
      async () => {
        await aMoment();
        return certificatesOf(box).every(({ state }) => state === 'valid') || undefined;
      },
      () => Promise.resolve(JSON.stringify(certificatesOf(box), null, 1)),
    );
}

export interface CertificateView {
  id: string;
  names: string[];
  state: string;
  serialNumber: string;
}

export function certificatesOf({ api }: MailBox): CertificateView[] {
  return (api('GET', '/certificates?limit=100') as { items: CertificateView[] }).items;
}

/** Between two looks that start a program each. */
export const aMoment = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1000));
