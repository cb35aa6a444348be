import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { CliError } from '../client.ts';
import { allItems, contextOf, segment } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { nameIn } from '../input.ts';
import { fields, table } from '../table.ts';
import { relative } from '../times.ts';
import { oneOf } from '../values.ts';

interface TsigKey {
  name: string;
  algorithm: string;
  transfer: 'all' | string[];
  createdAt: string;
}

interface CreateOptions {
  algorithm: string;
  secretFile?: string;
  zone?: string[];
}

export const tsigAlgorithms = ['hmac-sha256', 'hmac-sha384', 'hmac-sha512'];

/** `signpost tsig create|list|remove` */
export function addTsig(program: Command): void {
  const tsig = program.command('tsig').description('keys that secondaries sign transfers with');
  tsig
    .command('create <name>')
    .description('make a key that opens zones for transfer; its secret is shown once')
    .option('--algorithm <algorithm>', tsigAlgorithms.join(', '), 'hmac-sha256')
    .option('--zone <zone...>', 'only these zones; without it all of them, those to come included')
    .option('--secret-file <file>', 'file that holds the secret in base64; without it one is made')
    .addHelpText('after', '\nExample:\n  signpost tsig create xfr.example')
    .action(async (name: string, options: CreateOptions, command: Command) => {
      const { client, show } = contextOf(command);
      const { secretFile, zone } = options;
      const body = {
        name: nameIn(name, 'TSIG key'),
        algorithm: oneOf(options.algorithm, tsigAlgorithms, 'The algorithm'),
        ...(secretFile !== undefined && { secret: secretIn(secretFile) }),
        transfer: zone ? zone.map((one) => nameIn(one, 'zone')) : 'all',
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
          ['name', 'algorithm', 'created', 'opens'],
          items.map((key) => [key.name, key.algorithm, relative(key.createdAt), opened(key)]),
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
  return transfer === 'all' ? 'all zones' : transfer.join(', ');
}

/** @throws CliError usage */
function secretIn(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new CliError(`${file} cannot be read: ${(error as Error).message}.`, exitCodes.usage);
  }
}
