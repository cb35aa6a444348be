import { startBox } from '../test/kit/box.ts';
import { boxOn } from '../test/kit/box-on-machine.ts';
import { startAgent } from '../test/kit/mail-agent.ts';
import { createMailMachine, type MailMachine } from '../test/kit/mail-machine.ts';
import { print, rest } from './kit/child-box.ts';

/*
 * What a box with all its mail servers keeps in memory when nothing happens: the box, the agent and every daemon, in a machine of their own.
 * Needs root. What several processes share is counted once (PSS).
 */
export const name = 'mail-stack: memory of a box with its mail servers, idle';

const data = '/srv/signpost';
/** Milliseconds until what was busy starting has settled. */
const SETTLED = 60_000;

/** Words of a command line, by what they belong to; the first that is found counts. */
const parts: [string, RegExp][] = [
  ['Signpost', /build\/main\.js|signpost-/],
  ['its agent', /build\/agent\.js/],
  ['Rspamd', /^rspamd/],
  ['Redis', /redis-server/],
  ['Dovecot', /dovecot/],
  ['Postfix', /postfix|^(pickup|qmgr|tlsmgr|proxymap|anvil|smtpd|cleanup|trivial-rewrite) /],
  ['Unbound', /unbound/],
  ['MTA-STS daemon', /mta-sts-daemon/],
];

export async function run(): Promise<void> {
  const machine = await createMailMachine('box.example.net');
  try {
    machine.run('mkdir', '-p', data);
    const { api, cli } = boxOn(() => machine, data);
    const box = await startBox({ data, prefix: machine.prefix, workers: 2, patience: 120_000 });
    const agent = await startAgent(machine);
    api('POST', '/domains', { name: 'example.com' });
    api('POST', '/mailboxes', { address: 'alice@example.com', password: 'a long way to Tipperary' });
    const { status, output } = cli('mail', 'apply', '--yes');
    if (status !== 0) throw new Error(output);
    await rest(SETTLED);
    const memory = memoryByPart(machine);
    for (const [part, mebibytes] of memory) print(part, mebibytes, 'MiB', part === 'Signpost' ? '≤ 200' : '');
    print(
      'all of it',
      [...memory.values()].reduce((sum, each) => sum + each, 0),
      'MiB',
      '≤ 1,024',
    );
    await agent.stop();
    await box.kill();
  } finally {
    await machine.close();
  }
}

/** MiB, of all processes of the machine. */
function memoryByPart(machine: MailMachine): Map<string, number> {
  const script = `for pid in $(ls /proc | grep -E '^[0-9]+$'); do
    pss=$(awk '$1 == "Pss:" { print $2 }' /proc/$pid/smaps_rollup 2>/dev/null) || continue
    [ -n "$pss" ] && echo "$pss $(tr '\\0\\n' '  ' < /proc/$pid/cmdline)"
  done`;
  const memory = new Map<string, number>(parts.map(([part]) => [part, 0]));
  for (const line of machine.run('bash', '-c', script).trim().split('\n')) {
    const [, kibibytes, words] = /^(\d+) ?(.*)$/.exec(line)!;
    const part = parts.find(([, pattern]) => pattern.test(words!))?.[0] ?? 'others';
    memory.set(part, (memory.get(part) ?? 0) + Number(kibibytes) / 1024);
  }
  return memory;
}

if (import.meta.main) await run();
