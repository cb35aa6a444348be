import type { Command } from 'commander';
import { contextOf } from '../context.ts';
import { fields } from '../table.ts';

interface Box {
  hostname: string | null;
  ipv4: string[];
  ipv6: string[];
  adminEmail?: string | null;
  ttl: number;
  secondaries: string[];
  [name: string]: unknown;
}

interface SetOptions {
  hostname?: string;
  ipv4?: string[];
  ipv6?: string[];
  adminEmail?: string;
  ttl?: string;
}

function describe(box: Box): string {
  return fields([
    ['hostname', box.hostname ?? 'not set'],
    ['ipv4', box.ipv4],
    ['ipv6', box.ipv6],
    ['admin', box.adminEmail ?? '–'],
    ['ttl', box.ttl],
    ['secondaries', box.secondaries],
  ]);
}

/** `signpost box show|set` */
export function addBox(program: Command): void {
  const box = program.command('box').description('the box itself: host name and public addresses');
  box
    .command('show')
    .description('show the settings of the box')
    .action(async (_options: unknown, command: Command) => {
      const { client, show } = contextOf(command);
      const found = (await client({ method: 'GET', path: '/box' })) as Box;
      show(found, () => describe(found));
    });
  box
    .command('set')
    .description('set the host name and the public addresses; what is not given stays')
    .option('--hostname <name>', "the box's own host name, such as box.example.com")
    .option('--ipv4 <address...>', 'public IPv4 addresses')
    .option('--ipv6 <address...>', 'public IPv6 addresses')
    .option('--admin-email <address>', 'where people reach you')
    .option('--ttl <seconds>', 'default time to live')
    .addHelpText('after', '\nExample:\n  signpost box set --hostname box.example.com --ipv4 192.0.2.1')
    .action(async (options: SetOptions, command: Command) => {
      const { client, show } = contextOf(command);
      const current = (await client({ method: 'GET', path: '/box' })) as Box;
      const body = {
        ...current,
        hostname: options.hostname ?? current.hostname,
        ipv4: options.ipv4 ?? current.ipv4,
        ipv6: options.ipv6 ?? current.ipv6,
        adminEmail: options.adminEmail ?? current.adminEmail,
        ttl: options.ttl === undefined ? current.ttl : Number(options.ttl),
      };
      const saved = (await client({ method: 'PUT', path: '/box', body })) as Box;
      show(saved, () => describe(saved));
    });
}
