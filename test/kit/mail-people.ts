import type { MailMachine } from './mail-machine.ts';
import { until } from './until.ts';

export interface Person {
  address: string;
  password: string;
}

/** Who sends from elsewhere: an address of the machine's that is not loopback, as `remote.example`. */
export const world = '203.0.113.5';
/** What a resolver has to know of `world`. */
export const worldRecords = [
  `remote.example. A ${world}`,
  'remote.example. MX 10 remote.example.',
  'remote.example. TXT "v=spf1 a -all"',
  '5.113.0.203.in-addr.arpa. PTR remote.example.',
];

/** What people and other servers do with a box, by programs of others. */
export interface MailPeople {
  /** A message from the world to port 25, with more options of swaks(1). @returns what was said */
  deliver: (to: string, ...more: string[]) => string;
  /** A message that a person hands in, on port 465 unless `more` has `--port`. */
  submit: (who: Person, from: string, to: string, ...more: string[]) => string;
  /** What curl(1) gets of a path below `imaps://`, or as the answer to a command. */
  imap: (who: Person, path: string, command?: string) => string;
  /** The newest message in the folder whose subject is this one. */
  arrived: (who: Person, folder: string, subject: string) => Promise<string>;
  /** Says the lines to a port over TLS, and hears until the server ends it. `starttls` as openssl(1) calls the protocol. */
  talk: (port: number, lines: readonly string[], starttls?: string) => string;
}

/** `log`: what to show of a message that does not come. */
export function peopleAt(machine: () => MailMachine, log: () => string): MailPeople {
  const run = (command: string, args: string[], input?: string): string =>
    machine().ask(command, args, input).output;
  const imap: MailPeople['imap'] = ({ address, password }, path, command) =>
    run('curl', [
      ...['-sk', '--max-time', '60', '--user', `${address}:${password}`, `imaps://127.0.0.1/${path}`],
      ...(command === undefined ? [] : ['-X', command]),
    ]);
  return {
    imap,
    deliver(to, ...more) {
      const from = [
        '--local-interface',
        world,
        '--from',
        'someone@remote.example',
        '--helo',
        'remote.example',
      ];
      return run('swaks', ['--server', '127.0.0.1', '--timeout', '90s', ...from, '--to', to, ...more]);
    },
    submit({ address, password }, from, to, ...more) {
      const auth = ['--auth', 'PLAIN', '--auth-user', address, '--auth-password', password];
      const port = more.includes('--port') ? [] : ['--port', '465', '--tls-on-connect'];
      return run('swaks', [
        ...['--server', '127.0.0.1', '--timeout', '60s', ...port, ...auth, '--from', from, '--to', to],
        ...more,
      ]);
    },
    arrived: (who, folder, subject) =>
      until(
        60,
        () => {
          const found = /SEARCH ([\d ]+)/
            .exec(imap(who, folder, `SEARCH SUBJECT "${subject}"`))?.[1]
            ?.trim()
            .split(' ')
            .at(-1);
          return Promise.resolve(found ? imap(who, `${folder};MAILINDEX=${found}`) : undefined);
        },
        () => Promise.resolve(log()),
      ),
    talk(port, lines, starttls) {
      const how = starttls === undefined ? [] : ['-starttls', starttls];
      const args = ['60', 'openssl', 's_client', '-quiet', ...how, '-connect', `127.0.0.1:${port}`];
      return run('timeout', args, lines.map((line) => `${line}\r\n`).join(''));
    },
  };
}
