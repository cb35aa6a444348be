import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { CliError } from '../client.ts';
import { allItems, contextOf, segment } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { nameIn } from '../input.ts';
import { fields, table } from '../table.ts';
import { relative } from '../times.ts';
import { listOrNone, oneOf } from '../values.ts';

interface TsigKey {
  name: string;
  algorithm: string;
  transfer: 'all' | string[];
  update: { zone: string; owners: string[] | null; types: string[] | null }[];
  createdAt: string;
}

interface CreateOptions {
  algorithm: string;
  secretFile?: string;
  zone?: string[];
  update?: string[];
  owner?: string[];
  type?: string[];
}

export const tsigAlgorithms = ['hmac-sha256', 'hmac-sha384', 'hmac-sha512'];

/** `signpost tsig create|list|remove` */
export function addTsig(program: Command): void {
  const tsig = program
    .command('tsig')
    .description('keys that secondaries sign transfers with, and programs dynamic updates');
  tsig
    .command('create <name>')
    .description('make a key that opens zones for transfer or updates; its secret is shown once')
    .option('--algorithm <algorithm>', tsigAlgorithms.join(', '), 'hmac-sha256')
    .option('--zone <zone...>', 'only these zones, or none; without it all of them, those to come included')
    .option(
      '--update <zone...>',
      'it may change records of these zones (RFC 2136); it transfers those of --zone',
    )
    .option('--owner <name...>', 'with --update: only at these names; *.example.com is all below example.com')
    .option('--type <type...>', 'with --update: only records of these types')
    .option('--secret-file <file>', 'file that holds the secret in base64; without it one is made')
    .addHelpText(
      'after',
      '\nExamples:\n  signpost tsig create xfr.example\n  signpost tsig create provider.example --zone none --secret-file secret\n  signpost tsig create acme.example --update example.com --owner _acme-challenge.example.com --type TXT',
    )
    .action(async (name: string, options: CreateOptions, command: Command) => {
      const { client, show } = contextOf(command);
      const { secretFile, zone, update, owner, type } = options;
      if (!update && (owner || type))
        throw new CliError('--owner and --type say what --update may change.', exitCodes.usage);
      const body = {
        name: nameIn(name, 'TSIG key'),
        algorithm: oneOf(options.algorithm, tsigAlgorithms, 'The algorithm'),
        ...(secretFile !== undefined && { secret: secretIn(secretFile) }),
        transfer: zone ? listOrNone(zone, []).map((one) => nameIn(one, 'zone')) : update ? [] : 'all',
        update: (update ?? []).map((one) => ({
          zone: nameIn(one, 'zone'),
          ...(owner && { owners: owner.map((name) => nameIn(name, 'name')) }),
          ...(type && { types: type }),
        })),
      };
      const answer = (await client({ method: 'POST', path: '/tsig-keys', body })) as {
        key: TsigKey;
        secret: string;
      };
      show(answer, () =>
        fields([
          ['name', answer.key.name],
          ['algorithm', answer.key.algorithm],
          ['opens', opened(answer.key)],
          ['updates', updated(answer.key)],
          ['secret', answer.secret],
        ]),
      );
    });
  tsig
    .command('list')
    .alias('ls')
    .description('list the keys, without their secrets')
    .action(async (_options: unknown, command: Command) => {
      const { client, show } = contextOf(command);
      const items = await allItems<TsigKey>(client, '/tsig-keys');
      show(items, () =>
        table(
          ['name', 'algorithm', 'created', 'opens', 'updates'],
          items.map((key) => [key.name, key.algorithm, relative(key.createdAt), opened(key), updated(key)]),
        ),
      );
    });
  tsig
    .command('remove <tsig-key>')
    .aliases(['rm', 'delete'])
    .description('make a key worthless, at once')
    .addHelpText('after', '\nExample:\n  signpost tsig remove xfr.example')
    .action(async (name: string, _options: unknown, command: Command) => {
      const { client, show } = contextOf(command);
      const path = `/tsig-keys/${segment(nameIn(name, 'TSIG key'))}`;
      const removed = await client({ method: 'DELETE', path });
      show(removed, () => `The key ${name} is gone.`);
    });
}

function opened({ transfer }: TsigKey): string {
  if (transfer === 'all') return 'all zones';
  return transfer.length > 0 ? transfer.join(', ') : 'nothing';
}

function updated({ update }: TsigKey): string {
  if (update.length === 0) return 'nothing';
  return update
    .map(({ zone, owners, types }) => `${types?.join(', ') ?? 'all'} at ${owners?.join(', ') ?? zone}`)
    .join('; ');
}

/** @throws CliError usage */
function secretIn(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new CliError(`${file} cannot be read: ${(error as Error).message}.`, exitCodes.usage);
  }
}
