import type { Command } from 'commander';
import { CliError } from '../client.ts';
import { allItems, contextOf, segment } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { nameIn } from '../input.ts';
import { scopeNames } from '../scopes.ts';
import { fields, table } from '../table.ts';
import { relative, withRelative } from '../times.ts';
import { didYouMean } from '../values.ts';

interface Scope {
  scope: string;
  zones?: string[];
  names?: string[];
}

interface Token {
  id: string;
  name: string;
  scopes: Scope[];
  createdAt: string;
  lastUsedAt: string | null;
  expiresAt: string | null;
  addresses: string[];
}

interface CreateOptions {
  scope: string[];
  zone?: string[];
  owner?: string[];
  expires?: string;
  from?: string[];
}

function printScope(scope: Scope): string {
  const limits = [...(scope.zones ?? []), ...(scope.names ?? [])];
  return limits.length === 0 ? scope.scope : `${scope.scope} (${limits.join(', ')})`;
}

/** For people; `--json` has the time itself. */
function day(time: string | null): string {
  return time === null ? 'never' : relative(time);
}

/** `signpost token create|list|revoke` */
export function addToken(program: Command): void {
  const token = program.command('token').description('credentials for programs');
  addCreate(token);
  token
    .command('list')
    .alias('ls')
    .description('list the tokens')
    .action(async (_options: unknown, command: Command) => {
      const { client, show } = contextOf(command);
      const items = await allItems<Token>(client, '/tokens');
      show(items, () =>
        table(
          ['id', 'name', 'created', 'last used', 'expires', 'scopes'],
          items.map((item) => [
            item.id,
            item.name,
            day(item.createdAt),
            day(item.lastUsedAt),
            day(item.expiresAt),
            item.scopes.map(printScope).join('; '),
          ]),
        ),
      );
    });
  token
    .command('revoke <id>')
    .aliases(['rm', 'remove'])
    .description('make a token worthless, at once')
    .addHelpText('after', '\nExample:\n  signpost token revoke 0123456789abcdef')
    .action(async (id: string, _options: unknown, command: Command) => {
      const { client, show } = contextOf(command);
      await client({ method: 'DELETE', path: `/tokens/${segment(id)}` });
      show({ revoked: id }, () => `Token ${id} is revoked.`);
    });
}

function addCreate(token: Command): void {
  token
    .command('create <name>')
    .description('make a token; its secret is shown once')
    .option('--scope <scope...>', `what it may do: ${scopeNames.join(', ')}`, ['read'])
    .option('--zone <zone...>', 'dns:write only in these zones')
    .option('--owner <name...>', 'dns:write only at these names')
    .option('--from <network...>', 'only from these addresses and networks')
    .option('--expires <time>', 'RFC 3339 time after which it is worthless')
    .addHelpText(
      'after',
      '\nExample:\n  signpost token create lego --scope dns:write --owner _acme-challenge.example.com',
    )
    .action(async (name: string, options: CreateOptions, command: Command) => {
      const { client, show } = contextOf(command);
      const body = {
        name,
        scopes: scopesOf(options),
        expiresAt: options.expires,
        addresses: options.from,
      };
      const answer = (await client({ method: 'POST', path: '/tokens', body })) as {
        token: Token;
        secret: string;
      };
      show(answer, () =>
        fields([
          ['id', answer.token.id],
          ['scopes', answer.token.scopes.map(printScope)],
          ['expires', answer.token.expiresAt === null ? 'never' : withRelative(answer.token.expiresAt)],
          ['from', answer.token.addresses.length === 0 ? 'anywhere' : answer.token.addresses],
          ['secret', answer.secret],
        ]),
      );
    });
}

/** @throws CliError usage */
function scopesOf(options: CreateOptions): Scope[] {
  if ((options.zone ?? options.owner) && !options.scope.includes('dns:write'))
    throw new CliError('--zone and --owner limit dns:write: add --scope dns:write.', exitCodes.usage);
  return options.scope.map((scope) => scopeOf(scope, options));
}

function scopeOf(scope: string, options: CreateOptions): Scope {
  if (!scopeNames.some((name) => name === scope)) {
    throw new CliError(
      `There is no scope "${scope}"; there are ${scopeNames.join(', ')}.${didYouMean(scope, scopeNames)}`,
      exitCodes.usage,
    );
  }
  if (scope !== 'dns:write') return { scope };
  const zones = (options.zone ?? []).map((zone) => nameIn(zone, 'zone'));
  return { scope, zones, names: (options.owner ?? []).map((owner) => nameIn(owner, 'record')) };
}
