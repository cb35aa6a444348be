import { basename } from 'node:path';
import type { Driver, Machine, RefusedAddition, RenderedFile } from '../driver.ts';
import { restarts } from '../drop-in.ts';
import { folder, groupFile, publicFile, rootFile } from '../file.ts';
import type { MailModel } from '../model.ts';
import { supported } from '../version.ts';
import { dovecotConf } from './config.ts';
import { dovecotConf24 } from './config-2.4.ts';
import { appPasswordConf, directoryConf } from './directory.ts';
import { additions, etc, inPlace, mailFolder, owner, queue } from './places.ts';
import { programs, scripts } from './sieve.ts';

const own = `${etc}/signpost`;
const unit = 'dovecot.service';
const ourScripts = Object.keys(scripts(''));

/** Dovecot 2.3 (Debian 12) and 2.4 (Debian 13), which have different configuration languages. */
export const dovecot: Driver = {
  name: 'dovecot',
  packages: [
    'dovecot-imapd',
    'dovecot-pop3d',
    'dovecot-lmtpd',
    'dovecot-managesieved',
    'dovecot-sieve',
    'dovecot-sqlite',
    'dovecot-fts-xapian',
  ],
  service: {
    unit,
    foreground: { command: 'dovecot', args: ['-F'], stop: 'SIGTERM' },
    folders: [],
    reload: { command: 'doveadm', args: ['reload'] },
  },
  readsDirectory: true,
  additions: [],
  additionFolders: { folders: Object.values(additions), suffix: '.sieve' },

  async detect(machine) {
    const { status, output } = await machine.run('dovecot', ['--version']);
    if (status !== 0) return { kind: 'missing' };
    const modules = '/usr/lib/dovecot/modules';
    const parts = [`${modules}/libdriver_sqlite.so`, `${modules}/lib21_fts_xapian_plugin.so`];
    parts.push('/usr/lib/dovecot/imap', '/usr/lib/dovecot/pop3');
    parts.push('/usr/lib/dovecot/lmtp', '/usr/lib/dovecot/managesieve');
    const there = await machine.run('ls', parts);
    if (there.status !== 0) return { kind: 'missing' };
    return supported('Dovecot', output.split(' ')[0]!.trim(), { atLeast: [2, 3], below: [2, 5] });
  },

  render: (model, { version, systemd, additions: theirs }) => [
    folder(mailFolder, 0o700, owner),
    // Postfix makes it at its first start, which is later.
    folder(`${queue}/private`, 0o700, 'postfix', 'root'),
    folder(own, 0o755),
    folder(`${own}/bin`, 0o755),
    ...[...Object.values(additions), ...Object.values(inPlace)].map((path) => folder(path, 0o755)),
    ...[...theirs].map(([path, text]) => publicFile(placeOf(path), text)),
    ...Object.entries(programs(version)).map(([name, text]) => {
      return { ...publicFile(`${own}/bin/${name}`, text), mode: 0o755 };
    }),
    ...Object.entries(scripts(model.hostname)).map(([name, text]) => publicFile(`${own}/${name}`, text)),
    publicFile(`${own}/chain.pem`, model.certificate.chain),
    rootFile(`${own}/key.pem`, model.certificate.key),
    ...(systemd ? restarts(unit) : []),
    ...inLanguageOf(version, model, systemd),
  ],

  async check(root, machine) {
    const { status, output } = await machine.run('doveconf', ['-c', `${root}${etc}/dovecot.conf`, '-n']);
    const complaint = output.split('\n').find((line) => /^doveconf: (Fatal|Error|Warning)/.test(line));
    if (status !== 0 || complaint !== undefined) return complaint ?? output;
    for (const name of ourScripts) {
      // A dump in place of a file: it renames what it writes over the file that is named, which would end /dev/null.
      const options = ['-d', '-c', `${root}${etc}/dovecot.conf`, ...plugins(name)];
      const compiled = await machine.run('sievec', [...options, `${root}${own}/${name}`, '-']);
      if (compiled.status !== 0) return compiled.output;
    }
    return undefined;
  },

  refused: refusedAdditions,

  async prepare(machine) {
    for (const name of ourScripts) {
      // Without the path it would take what a running Dovecot has read last.
      const options = ['-c', `${etc}/dovecot.conf`, ...plugins(name)];
      const { status, output } = await machine.run('sievec', [...options, `${own}/${name}`]);
      if (status !== 0) return output;
    }
    return compileAdditions(machine);
  },

  async health(machine) {
    // What it says to a client without TLS: nothing, so it is the socket that Postfix uses which tells.
    const greeting = await machine.greeting({ path: '/var/spool/postfix/private/dovecot-lmtp' });
    if (greeting === undefined) return 'Dovecot does not answer where Postfix delivers mail (LMTP).';
    if (!greeting.startsWith('220 ')) return `Dovecot says where Postfix delivers mail: ${greeting.trim()}`;
    return undefined;
  },
};

/** Where a script of the person's own goes. */
const placeOf = (path: string): string =>
  `${path.startsWith(`${additions.before}/`) ? inPlace.before : inPlace.after}/${basename(path)}`;

async function scriptsIn(folders: readonly string[], machine: Machine): Promise<string[]> {
  const { output } = await machine.run('find', [...folders, '-name', '*.sieve']);
  return output
    .split('\n')
    .filter((line) => line.startsWith('/'))
    .sort();
}

async function refusedAdditions(root: string, machine: Machine): Promise<RefusedAddition[]> {
  const refused: RefusedAddition[] = [];
  for (const kind of ['before', 'after'] as const)
    for (const staged of await scriptsIn([`${root}${inPlace[kind]}`], machine)) {
      const options = ['-d', '-c', `${root}${etc}/dovecot.conf`];
      const { status, output } = await machine.run('sievec', [...options, staged, '-']);
      if (status === 0) continue;
      const name = basename(staged);
      const why = output.split('\n').find((line) => line.includes('error')) ?? 'sievec does not take it';
      refused.push({ path: `${inPlace[kind]}/${name}`, source: `${additions[kind]}/${name}`, why });
    }
  return refused;
}

/** Who delivers may not write beside them what it has understood. */
async function compileAdditions(machine: Machine): Promise<string | undefined> {
  for (const path of await scriptsIn(Object.values(inPlace), machine)) {
    const { status, output } = await machine.run('sievec', ['-c', `${etc}/dovecot.conf`, path]);
    if (status !== 0) return output;
  }
  return undefined;
}

function inLanguageOf(version: string, model: MailModel, systemd: boolean): RenderedFile[] {
  if (!version.startsWith('2.3.')) return [publicFile(`${etc}/dovecot.conf`, dovecotConf24(model, systemd))];
  return [
    groupFile(`${own}/directory.conf`, 'dovecot', directoryConf(model.directory)),
    groupFile(`${own}/app-passwords.conf`, 'dovecot', appPasswordConf(model.directory)),
    publicFile(`${etc}/dovecot.conf`, dovecotConf(model, systemd)),
  ];
}

/** Scripts that teach need what only IMAP knows. */
const plugins = (script: string): string[] =>
  !script.startsWith('learn-')
    ? []
    : ['-x', '+vnd.dovecot.pipe +imapsieve +environment +vnd.dovecot.environment'];
