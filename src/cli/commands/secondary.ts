import type { Command } from 'commander';
import { allItems, contextOf, segment } from '../context.ts';
import { nameIn } from '../input.ts';
import { fields, table } from '../table.ts';
import { oneOf, wholeNumber } from '../values.ts';

interface Secondary {
  name: string;
  addresses: string[];
  port: number;
  tsigKey: string | null;
  publish: boolean;
  published: boolean;
  catalog: boolean;
}

interface State extends Secondary {
  zones: {
    zone: string;
    serial: number;
    at: { address: string; serial: number | null; behind: number | null; problem: string | null }[];
  }[];
}

interface AddOptions {
  address?: string[];
  port?: string;
  key?: string;
  publish: boolean;
  catalog?: boolean;
  force?: boolean;
}

export const secondaryServers = ['knot', 'nsd', 'bind', 'powerdns'];

/** `signpost secondary add|list|show|configuration|remove` */
export function addSecondary(program: Command): void {
  const secondary = program.command('secondary').description('other nameservers that take the zones');
  addAdd(secondary);
  secondary
    .command('list')
    .alias('ls')
    .description('list the secondaries')
    .action(async (_options: unknown, command: Command) => {
      const { client, show } = contextOf(command);
      const items = await allItems<Secondary>(client, '/secondaries');
      show(items, () =>
        table(
          ['name', 'published', 'key', 'addresses'],
          items.map((item) => [item.name, published(item), item.tsigKey ?? '', item.addresses.join(', ')]),
        ),
      );
    });
  secondary
    .command('show <secondary>')
    .description('ask a secondary how far it is with a zone, or with a few of all')
    .option('--zone <zone>', 'the zone')
    .addHelpText('after', '\nExample:\n  signpost secondary show ns2.example.net --zone example.com')
    .action(async (name: string, options: { zone?: string }, command: Command) => {
      const { client, show } = contextOf(command);
      const query = options.zone === undefined ? '' : `?zone=${segment(nameIn(options.zone, 'zone'))}`;
      const state = (await client({ method: 'GET', path: `${pathOf(name)}${query}` })) as State;
      show(state, () => `${shown(state)}\n\n${lags(state)}`);
    });
  secondary
    .command('configuration <secondary>')
    .description('print what to put into the configuration of the secondary')
    .requiredOption('--server <server>', secondaryServers.join(', '))
    .addHelpText('after', '\nExample:\n  signpost secondary configuration ns2.example.net --server knot')
    .action(async (name: string, options: { server: string }, command: Command) => {
      const { client, show } = contextOf(command);
      const server = oneOf(options.server, secondaryServers, 'The server');
      const path = `${pathOf(name)}/configuration?server=${server}`;
      const answer = (await client({ method: 'GET', path })) as { configuration: string };
      show(answer, () => answer.configuration.trimEnd());
    });
  secondary
    .command('remove <secondary>')
    .aliases(['rm', 'delete'])
    .description('take its NS records from all zones, and what it may')
    .addHelpText('after', '\nExample:\n  signpost secondary remove ns2.example.net')
    .action(async (name: string, _options: unknown, command: Command) => {
      const { client, show } = contextOf(command);
      const removed = await client({ method: 'DELETE', path: pathOf(name) });
      show(removed, () => `${name} is no secondary any more.`);
    });
}

function addAdd(secondary: Command): void {
  secondary
    .command('add <name>')
    .description('let a nameserver have the zones; it is published when it has them')
    .option('--address <address...>', 'where it asks from and is asked; without it what its name resolves to')
    .option('--port <port>', 'where it answers, 53 by default')
    .option(
      '--key <tsig-key>',
      'the TSIG key that it signs with; without it its addresses may transfer all zones',
    )
    .option('--catalog', 'zones that come and go do so there by themselves (RFC 9432: Knot, BIND, PowerDNS)')
    .option('--no-publish', 'no NS records for it')
    .option('--force', 'publish it at once, whether it has the zones or not')
    .addHelpText(
      'after',
      '\nExample:\n  signpost secondary add ns2.example.net --address 192.0.2.53 --key xfr.example --catalog',
    )
    .action(async (name: string, options: AddOptions, command: Command) => {
      const { client, show } = contextOf(command);
      const body = {
        name: nameIn(name, 'secondary'),
        addresses: options.address ?? [],
        ...(options.port !== undefined && { port: wholeNumber(options.port, 'The port') }),
        ...(options.key !== undefined && { tsigKey: nameIn(options.key, 'TSIG key') }),
        publish: options.publish,
        catalog: options.catalog ?? false,
        unverified: options.force ?? false,
      };
      const added = (await client({ method: 'POST', path: '/secondaries', body })) as Secondary;
      show(added, () => shown(added));
    });
}

function pathOf(name: string): string {
  return `/secondaries/${segment(nameIn(name, 'secondary'))}`;
}

function published({ publish, published }: Secondary): string {
  if (published) return 'yes';
  return publish ? 'when it has the zones' : 'no';
}

function shown(secondary: Secondary): string {
  const { name, addresses, port, tsigKey, catalog } = secondary;
  return fields([
    ['name', name],
    ['addresses', addresses.length > 0 ? addresses : 'what the name resolves to'],
    ['port', port],
    ['key', tsigKey ?? 'none'],
    ['catalog', catalog ? 'yes' : 'no'],
    ['published', published(secondary)],
  ]);
}

function lags({ zones }: State): string {
  const rows = zones.flatMap(({ zone, serial, at }) =>
    at.map(({ address, serial: there, behind, problem }) => {
      const state = behind === 0 ? 'current' : (problem ?? `${behind} s behind`);
      return [zone, address, serial, there ?? '', state];
    }),
  );
  return table(['zone', 'address', 'serial here', 'there', 'state'], rows);
}
