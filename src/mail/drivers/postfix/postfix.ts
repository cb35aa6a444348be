import type { Driver, Machine, RenderedFile, RenderTarget } from '../driver.ts';
import { restarts } from '../drop-in.ts';
import { folder, publicFile, rootFile } from '../file.ts';
import type { MailModel } from '../model.ts';
import { isAtLeast, supported } from '../version.ts';
import { LOG_FILE, mainCf } from './main-cf.ts';
import { allMaps, mapFiles, nobody } from './maps.ts';
import { passwordFiles } from './next-hop.ts';
import { localUsers, masterCf, privacyChecks, srsAddresses } from './master-cf.ts';

const etc = '/etc/postfix';
const mainAdditions = '/etc/signpost/postfix-main.cf';
const masterAdditions = '/etc/signpost/postfix-master.cf';

/** Postfix 3.7 (Debian 12) and 3.10 (Debian 13). */
export const postfix: Driver = {
  name: 'postfix',
  packages: ['postfix', 'postfix-sqlite', 'postfix-pcre'],
  service: {
    unit: 'postfix@-.service',
    ofVersion: (version) => ({ unit: unitOf(version) }),
    foreground: {
      command: '/usr/lib/postfix/sbin/master',
      args: ['-s'],
      stop: 'SIGTERM',
      // It changes its user for a moment, and the kernel forgets the signal that it was to get when the agent dies (prctl(2)).
      leftover: { command: 'postfix', args: ['stop'] },
    },
    folders: [],
    logFile: (systemd) => (systemd ? undefined : LOG_FILE),
    reload: { command: 'postfix', args: ['reload'] },
  },

  async detect(machine) {
    const { status, output } = await machine.run('postconf', ['-dh', 'mail_version']);
    if (status !== 0) return { kind: 'missing' };
    const version = output.trim();
    // The map types are packages of their own.
    const types = await machine.run('postconf', ['-m']);
    if (!['sqlite', 'pcre'].every((type) => types.output.split('\n').includes(type)))
      return { kind: 'missing' };
    return supported('Postfix', version, { atLeast: [3, 7], below: [3, 11] });
  },

  readsDirectory: true,
  additions: [mainAdditions, masterAdditions],

  // Its programs wait until what they read has not been changed for two seconds: there may be more to come. Ours is whole.
  render: (model, target) => files(model, target).map((file) => ({ ...file, settled: true })),

  async check(root, machine) {
    const at = `${root}${etc}`;
    // Beside each other: one of them is a shell script, which takes a while.
    const found = await Promise.all([
      checkParameters(at, '-n', machine),
      checkParameters(at, '-M', machine),
      checkInstalled(at, machine),
      checkRelay(at, machine),
      checkMaps(at, machine),
    ]);
    return found.find((problem) => problem !== undefined);
  },

  async health(machine) {
    const greeting = await machine.greeting({ port: 25 });
    if (greeting === undefined) return (await unreadable(machine)) ?? 'Postfix does not answer on port 25.';
    if (!greeting.startsWith('220 ')) return `Postfix says on port 25: ${greeting.trim()}`;
    return undefined;
  },
};

function files(model: MailModel, { systemd, version, additions }: RenderTarget): RenderedFile[] {
  return [
    folder(`${etc}/signpost`, 0o755),
    // systemd would guess the main process, and does not see it end where it cannot (Debian 12).
    ...(systemd ? restarts(unitOf(version), 'PIDFile=/var/spool/postfix/pid/master.pid\n') : []),
    ...mapFiles(`${etc}/signpost`, model.directory),
    publicFile(`${etc}/signpost/privacy.pcre`, privacyChecks),
    publicFile(`${etc}/signpost/srs.pcre`, srsAddresses(model.hostname)),
    publicFile(`${etc}/signpost/local-users.pcre`, localUsers(model.hostname)),
    rootFile(`${etc}/signpost/tls.pem`, model.certificate.key + model.certificate.chain),
    ...passwordFiles(`${etc}/signpost`, model.settings.relay),
    publicFile(`${etc}/master.cf`, masterCf(model.settings.relay, additions.get(masterAdditions) ?? '')),
    publicFile(`${etc}/main.cf`, mainCf(model, { systemd, version }, additions.get(mainAdditions) ?? '')),
  ];
}

/** From Debian 13 on the default instance is none of the template's. */
const unitOf = (version: string): string =>
  isAtLeast(version, [3, 9]) ? 'postfix.service' : 'postfix@-.service';

/** What it does not know it only warns of, and a misspelt restriction would be found by the first client. */
async function checkParameters(at: string, what: '-n' | '-M', machine: Machine): Promise<string | undefined> {
  // From 3.10 on it looks at the maps, too, and by itself below /etc/postfix.
  const args = ['-c', at, '-o', `config_directory=${at}`, what];
  const { status, output } = await machine.run('postconf', args);
  const complaints = output
    .split('\n')
    .filter((line) => /^\S*postconf: (warning|fatal|error)/.test(line))
    // A person's additions win by coming last.
    .filter((line) => !line.includes('overriding earlier entry'));
  return status !== 0 || complaints.length > 0 ? complaints.join('\n') || output : undefined;
}

/** The part of `postfix check` that fails: the other warns of files that Postfix's package has put there, and looks at each of them. */
async function checkInstalled(at: string, machine: Machine): Promise<string | undefined> {
  const { status, output } = await machine.run('postfix', ['-c', at, 'check-fatal']);
  return status !== 0 || /fatal|error/.test(output) ? output : undefined;
}

/** With a password Postfix needs a library that it comes without; mail would wait for ever. */
async function checkRelay(at: string, machine: Machine): Promise<string | undefined> {
  const { status } = await machine.run('test', ['-e', `${at}/signpost/relay-password`]);
  if (status !== 0) return undefined;
  const found = await machine.run('sh', ['-c', 'ls /usr/lib/*/sasl2/libplain.so']);
  return found.status === 0
    ? undefined
    : 'Postfix cannot sign in at the relay host: apt-get install --no-install-recommends libsasl2-modules';
}

/** Who cannot open the maps says nothing on its ports. @returns why Postfix cannot, a public sentence */
async function unreadable(machine: Machine): Promise<string | undefined> {
  const asPostfix = ['--reuid=postfix', '--regid=postfix', '--clear-groups', '--'];
  const map = `sqlite:${etc}/signpost/domains.cf`;
  const { output } = await machine.run('setpriv', [...asPostfix, 'postmap', '-q', nobody.address, map]);
  const words = /fatal: sqlite:\S+: (.+?)\??$/m.exec(output)?.[1];
  return words === undefined
    ? undefined
    : `Postfix cannot read the box's directory (${words}), and does not answer: each folder above it must let the user postfix through (docs/mail.md).`;
}

/** All maps in one process, as each takes its time to start: whatever is wrong with one is said, and what answers nobody does. */
async function checkMaps(at: string, machine: Machine): Promise<string | undefined> {
  const { output } = await machine.run('postmap', [
    '-c',
    at,
    '-q',
    nobody.address,
    allMaps(`${at}/signpost`),
  ]);
  return output.trim() === nobody.answer ? undefined : output || 'Postfix finds nothing in the directory.';
}
