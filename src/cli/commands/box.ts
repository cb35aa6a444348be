import type { Command } from 'commander';
import { contextOf } from '../context.ts';
import { shownWithALabels } from '../names.ts';
import { fields } from '../table.ts';
import { listOrNone, wholeNumber } from '../values.ts';

interface Box {
  hostname: string | null;
  ipv4: string[];
  ipv6: string[];
  adminEmail: string | null;
  ttl: number;
  secondaries: string[];
  caaIssuer: string | null;
  detected: { ipv4: string[]; ipv6: string[] };
}

interface SetOptions {
  hostname?: string;
  ipv4?: string[];
  ipv6?: string[];
  adminEmail?: string;
  ttl?: string;
  secondary?: string[];
  caa?: string;
}

function describe(box: Box): string {
  const settings = fields([
    ['hostname', box.hostname === null ? 'not set' : shownWithALabels(box.hostname)],
    ['ipv4', box.ipv4],
    ['ipv6', box.ipv6],
    ['admin', box.adminEmail ?? '–'],
    ['ttl', box.ttl],
    ['secondaries', box.secondaries.map(shownWithALabels)],
    ['CAA', caaText(box)],
  ]);
  if (box.hostname !== null) return settings;
  const found = [...box.detected.ipv4, ...box.detected.ipv6];
  return `${settings}\n\nPublic addresses found on this machine: ${found.join(', ') || 'none'}`;
}

function caaText({ caaIssuer }: Box): string {
  if (caaIssuer === null) return 'none: any CA may issue';
  return caaIssuer === 'auto' ? 'auto: the CA that the box uses' : caaIssuer;
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
  addSet(box);
}

function addSet(box: Command): void {
  box
    .command('set')
    .description('set the host name and the public addresses; what is not given stays')
    .option('--hostname <name>', "the box's own host name, such as box.example.com")
    .option('--ipv4 <address...>', 'public IPv4 addresses, or none')
    .option('--ipv6 <address...>', 'public IPv6 addresses, or none')
    .option('--admin-email <address>', 'where people reach you')
    .option('--ttl <seconds>', 'default time to live')
    .option('--secondary <name...>', 'secondary nameservers in the place of ns2, or none')
    .option(
      '--caa <issuer>',
      'the CA that may issue certificates: auto (the one in use), a name such as letsencrypt.org, or none',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  signpost box set --hostname box.example.com --ipv4 192.0.2.1\n' +
        '  signpost box set --ipv6 2001:db8::1 2001:db8::2',
    )
    .action(async (options: SetOptions, command: Command) => {
      const { client, show } = contextOf(command);
      const current = (await client({ method: 'GET', path: '/box' })) as Box;
      const body = settings(current, options);
      const saved = (await client({ method: 'PUT', path: '/box', body })) as Box;
      show(saved, () => describe(saved));
    });
}

function settings(current: Box, options: SetOptions): Partial<Box> {
  const { hostname, adminEmail, ttl, caa } = options;
  return {
    ...current,
    ...(hostname === undefined ? {} : { hostname }),
    ipv4: listOrNone(options.ipv4, current.ipv4),
    ipv6: listOrNone(options.ipv6, current.ipv6),
    ...(adminEmail === undefined ? {} : { adminEmail }),
    ...(ttl === undefined ? {} : { ttl: wholeNumber(ttl, 'TTL') }),
    secondaries: listOrNone(options.secondary, current.secondaries),
    ...(caa === undefined ? {} : { caaIssuer: caa === 'none' ? null : caa }),
  };
}
