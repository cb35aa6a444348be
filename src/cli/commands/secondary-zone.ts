import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import type { Client } from '../client.ts';
import { confirm } from '../confirm.ts';
import { allItems, contextOf, segment } from '../context.ts';
import { readText } from '../files.ts';
import { nameIn } from '../input.ts';
import { fields, table } from '../table.ts';
import { relative, withRelative } from '../times.ts';
import { wholeNumber } from '../values.ts';

interface SecondaryZone {
  name: string;
  primaries: { address: string; port: number | null; tsigKey: string | null; tls: object | null }[];
  state: 'pending' | 'current' | 'failing' | 'expired';
  serial: number | null;
  records: number | null;
  transferredAt: string | null;
  checkedAt: string | null;
  primary: string | null;
  refreshAt: string | null;
  expiresAt: string | null;
  checking: boolean;
  problem: string | null;
}

interface PrimaryOptions {
  primary: string[];
  key?: string;
  tls?: boolean;
  tlsName?: string;
  tlsPin?: string;
  tlsCa?: string;
}

/** Milliseconds between two looks at a zone that is being transferred, and for how long. */
const POLL = 250;
const PATIENCE = 120_000;

/** `signpost secondary-zone add|list|show|set|refresh|remove` */
export function addSecondaryZone(program: Command): void {
  const zones = program
    .command('secondary-zone')
    .description('zones of others that the box serves as a secondary');
  addAdd(zones);
  addSet(zones);
  zones
    .command('list')
    .alias('ls')
    .description('list the secondary zones')
    .action(async (_options: unknown, command: Command) => {
      const { client, show } = contextOf(command);
      const items = await allItems<SecondaryZone>(client, '/secondary-zones');
      show(items, () =>
        table(
          ['zone', 'state', 'serial', 'checked', 'expires', 'primaries'],
          items.map((zone) => [
            zone.name,
            zone.state,
            zone.serial ?? '',
            zone.checkedAt === null ? 'never' : relative(zone.checkedAt),
            zone.expiresAt === null ? '' : relative(zone.expiresAt),
            zone.primaries.map(primaryText).join(', '),
          ]),
        ),
      );
    });
  zones
    .command('show <secondary-zone>')
    .description('show how it is with a secondary zone')
    .addHelpText('after', '\nExample:\n  signpost secondary-zone show example.org')
    .action(async (name: string, _options: unknown, command: Command) => {
      const { client, show } = contextOf(command);
      const zone = await read(client, name);
      show(zone, () => shown(zone));
    });
  zones
    .command('refresh <secondary-zone>')
    .description('ask its primaries now, and wait for what they say')
    .addHelpText('after', '\nExample:\n  signpost secondary-zone refresh example.org')
    .action(async (name: string, _options: unknown, command: Command) => {
      const { client, show } = contextOf(command);
      await client({ method: 'POST', path: `${pathOf(name)}/refresh` });
      const zone = await whenChecked(client, name);
      show(zone, () => shown(zone));
    });
  zones
    .command('remove <secondary-zone>')
    .aliases(['rm', 'delete'])
    .description('serve it no more, and forget what was transferred')
    .option('--yes', 'do not ask')
    .addHelpText('after', '\nExample:\n  signpost secondary-zone remove example.org')
    .action(async (name: string, options: { yes?: boolean }, command: Command) => {
      const { client, show } = contextOf(command);
      await confirm(`Stop serving ${name}? Who asks this box for it is refused from then on.`, options.yes);
      const removed = await client({ method: 'DELETE', path: pathOf(name) });
      show(removed, () => `${name} is not served any more.`);
    });
}

function addAdd(zones: Command): void {
  primaryOptions(
    zones.command('add <zone>').description('serve a zone of somebody else, as its primaries have it'),
  )
    .addHelpText(
      'after',
      '\nExamples:\n  signpost secondary-zone add example.org --primary 192.0.2.53 --key xfr.example\n' +
        '  signpost secondary-zone add example.org --primary 192.0.2.53#853 --tls-name ns1.example.net',
    )
    .action(async (name: string, options: PrimaryOptions, command: Command) => {
      const { client, show } = contextOf(command);
      const body = { name: nameIn(name, 'zone'), primaries: await primariesOf(options) };
      await client({ method: 'POST', path: '/secondary-zones', body });
      const zone = await whenChecked(client, name);
      show(zone, () => shown(zone));
    });
}

function addSet(zones: Command): void {
  primaryOptions(zones.command('set <secondary-zone>').description('give a secondary zone other primaries'))
    .addHelpText('after', '\nExample:\n  signpost secondary-zone set example.org --primary 192.0.2.54')
    .action(async (name: string, options: PrimaryOptions, command: Command) => {
      const { client, show } = contextOf(command);
      const body = { primaries: await primariesOf(options) };
      await client({ method: 'PATCH', path: pathOf(name), body });
      const zone = await whenChecked(client, name);
      show(zone, () => shown(zone));
    });
}

function primaryOptions(command: Command): Command {
  return command
    .requiredOption(
      '--primary <address...>',
      'where it comes from, in the order of asking; 192.0.2.53#5353 is another port',
    )
    .option('--key <tsig-key>', 'the TSIG key that transfers are signed with')
    .option('--tls', 'transfer over TLS, from port 853; the certificate is for the address')
    .option('--tls-name <name>', 'over TLS: what the certificate must be for')
    .option('--tls-pin <pin>', 'over TLS: SHA-256 of the public key, in base64')
    .option('--tls-ca <path>', 'over TLS: certificates of CAs in PEM, in place of those of the box');
}

async function primariesOf(options: PrimaryOptions): Promise<unknown[]> {
  const { primary, key, tls, tlsName, tlsPin, tlsCa } = options;
  const isTls = tls === true || [tlsName, tlsPin, tlsCa].some((one) => one !== undefined);
  const trust = isTls && {
    tls: { name: tlsName, pin: tlsPin, ca: tlsCa === undefined ? undefined : await readText(tlsCa) },
  };
  return primary.map((text) => {
    const [address, port, ...more] = text.split('#');
    return {
      // What is no address the box says.
      address: more.length > 0 ? text : address,
      ...(port !== undefined && { port: wholeNumber(port, 'The port') }),
      ...(key !== undefined && { tsigKey: nameIn(key, 'TSIG key') }),
      ...trust,
    };
  });
}

function pathOf(name: string): string {
  return `/secondary-zones/${segment(nameIn(name, 'zone'))}`;
}

async function read(client: Client, name: string): Promise<SecondaryZone> {
  return (await client({ method: 'GET', path: pathOf(name) })) as SecondaryZone;
}

/** The zone once its primaries have been asked, or as it is after a while: that goes on in the box. */
async function whenChecked(client: Client, name: string): Promise<SecondaryZone> {
  for (let waited = 0; ; waited += POLL) {
    await delay(POLL);
    const zone = await read(client, name);
    if (!zone.checking || waited >= PATIENCE) return zone;
  }
}

function primaryText({ address, port, tsigKey, tls }: SecondaryZone['primaries'][number]): string {
  const at = port === null ? address : `${address}#${port}`;
  return [at, ...(tls ? ['over TLS'] : []), ...(tsigKey === null ? [] : [`with ${tsigKey}`])].join(' ');
}

const states = {
  pending: 'nothing came yet',
  current: 'served as the primaries have it',
  failing: 'served, but no primary gives it any more',
  expired: 'expired: it answers SERVFAIL',
} as const;

function shown(zone: SecondaryZone): string {
  const { name, primaries, state, serial, records, transferredAt, checkedAt, primary } = zone;
  const time = (text: string | null): string => (text === null ? 'never' : withRelative(text));
  return fields([
    ['zone', name],
    ['state', states[state]],
    ...(zone.problem === null ? [] : ([['problem', zone.problem]] as [string, string][])),
    ['primaries', primaries.map(primaryText)],
    ['serial', serial ?? 'none'],
    ['records', records ?? 0],
    ['transferred', time(transferredAt)],
    ['checked', primary === null ? time(checkedAt) : `${time(checkedAt)}, at ${primary}`],
    ['next check', zone.refreshAt === null ? 'now' : withRelative(zone.refreshAt)],
    ['expires', time(zone.expiresAt)],
  ]);
}
