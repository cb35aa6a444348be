import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ResourceRecord } from '../../src/dns/rr.ts';
import { printRdata } from '../../src/dns/rdata/registry.ts';
import { Type } from '../../src/dns/type-codes.ts';
import type { Name } from '../../src/dns/wire/name.ts';
import { printRecord } from '../../src/dns/zonefile/print.ts';
import { pointsToHost, targetOf } from '../../src/zones/custom/targets.ts';

export interface Verdict {
  ok: boolean;
  output: string;
}

/**
 * What `named-checkzone -i full` says of a zone. It asks the system for the addresses of names whose records other zones hold, so it runs in
 * a mount namespace of its own, in a world in which those names exist: with the glue that the zone gives them, where it gives any.
 * `directory` is for its files.
 */
export function checkZone(origin: Name, records: readonly ResourceRecord[], directory: string): Verdict {
  mkdirSync(directory, { recursive: true });
  const file = (name: string, text: string): string => {
    const path = join(directory, name);
    writeFileSync(path, text);
    return path;
  };
  const zone = file('zone', records.map((record) => `${printRecord(record)}\n`).join(''));
  const hosts = file('hosts', hostsOf(origin, records));
  const nsswitch = file('nsswitch.conf', 'hosts: files\n');
  const script = `mount --bind ${hosts} /etc/hosts && mount --bind ${nsswitch} /etc/nsswitch.conf && exec "$@"`;
  const command = ['named-checkzone', '-i', 'full', origin.toText(), zone];
  // Who is not root may do so in a user namespace.
  const unshare = process.getuid?.() === 0 ? ['-m'] : ['-r', '-m'];
  const { status, stdout, stderr } = spawnSync(
    'unshare',
    [...unshare, '--', 'sh', '-c', script, 'sh', ...command],
    { encoding: 'utf8', timeout: 10_000 },
  );
  return { ok: status === 0, output: `${stdout}${stderr}` };
}

/** Hosts that the zone names. */
function targets(records: readonly ResourceRecord[]): Name[] {
  return records
    .filter(({ type }) => pointsToHost(type))
    .flatMap(({ type, rdata }) => targetOf(type, rdata) ?? [])
    .filter((name) => !name.isRoot);
}

/** A line for each host that is named and is not the zone's own. It is looked up with a dot at its end, but called without. */
function hostsOf(origin: Name, records: readonly ResourceRecord[]): string {
  const cuts = records.filter(({ type, owner }) => type === Type.NS && !owner.equals(origin));
  const isOwn = (name: Name): boolean =>
    name.isAtOrBelow(origin) && !cuts.some(({ owner }) => name.isAtOrBelow(owner));
  const foreign = new Map(targets(records).map((name) => [name.key, name]));
  return [...foreign.values()]
    .filter((name) => !isOwn(name))
    .flatMap((name) => {
      const glue = records
        .filter(({ type, owner }) => (type === Type.A || type === Type.AAAA) && owner.equals(name))
        .map(({ type, rdata }) => printRdata(type, rdata));
      const text = name.toText();
      return (glue.length > 0 ? glue : ['192.0.2.99']).map((address) => `${address} ${text} ${text}.\n`);
    })
    .join('');
}
