import type { Command } from 'commander';
import { type Client, CliError } from '../client.ts';
import { allItems, contextOf, segment } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { nameIn, ownerIn } from '../input.ts';
import { shown } from '../names.ts';
import { table } from '../table.ts';
import { typeIn } from '../types.ts';
import { didYouMean, seconds } from '../values.ts';
import { warningText, type RecordWarning } from '../warnings.ts';

interface CustomRecord {
  id: string;
  owner: string;
  type: string;
  ttl: number | null;
  value: string;
  /** Why it is not served; null: it is. */
  warning: string | null;
}

interface ChangeAnswer {
  records: CustomRecord[];
  zone: string;
  serial: number;
}

interface ListOptions {
  owner?: string;
  type?: string;
}

function recordTable(records: CustomRecord[]): string {
  return table(
    ['id', 'owner', 'ttl', 'type', 'value'],
    records.map((record) => [record.id, shown(record.owner), record.ttl ?? '–', record.type, record.value]),
  );
}

function warningsOf(records: CustomRecord[]): RecordWarning[] {
  return records.flatMap(({ owner, type, value, warning }) =>
    warning === null ? [] : { owner, type, value, reason: warning },
  );
}

function changed(answer: ChangeAnswer): string {
  return `${recordTable(answer.records)}\n\nLive in ${answer.zone}, serial ${answer.serial}.`;
}

const DRY_RUN = 'say what would come and go in the zone, change nothing';

interface Previewed {
  zone: string;
  changes: { op: '+' | '-'; owner: string; ttl: number; type: string; value: string }[];
}

async function preview(client: Client, zone: string, body: object): Promise<Previewed> {
  return (await client({
    method: 'POST',
    path: `/zones/${segment(zone)}/records/preview`,
    body,
  })) as Previewed;
}

function previewed({ zone, changes }: Previewed): string {
  if (changes.length === 0) return `${shown(zone)} would stay as it is.`;
  const lines = changes.map(
    ({ op, owner, ttl, type, value }) => `${op}${shown(owner)} ${ttl} ${type} ${value}`,
  );
  return `${lines.join('\n')}\n\nNothing was changed.`;
}

/** `signpost record list|add|set|remove` */
export function addRecord(program: Command): void {
  const record = program.command('record').description('your own records, beside those the box derives');
  record
    .command('list <zone>')
    .alias('ls')
    .description("list a zone's own records")
    .option('--owner <name>', 'only at this name: whole, or relative to the zone (www, @)')
    .option('--type <type>', 'only of this type')
    .addHelpText('after', '\nExample:\n  signpost record list example.com --type TXT')
    .action(async (typedZone: string, { owner, type }: ListOptions, command: Command) => {
      const { client, show } = contextOf(command);
      const zone = nameIn(typedZone, 'zone');
      const query = new URLSearchParams();
      if (owner !== undefined) query.set('owner', await ownerIn(owner, zone));
      if (type !== undefined) query.set('type', typeIn(type));
      const path = `/zones/${segment(zone)}/records?${query.toString()}`;
      const items = await allItems<CustomRecord>(client, path);
      show(items, () => recordTable(items) + warningText(warningsOf(items)));
    });
  addWrite(record, 'add', 'POST', 'add a record; others at the same name and type stay');
  addWrite(record, 'set', 'PUT', 'replace all your records of this name and type by this one');
  addRemove(record);
}

/**
 * The words of a value, any of which may begin with a hyphen: one of 64 ACME challenges does, and no hook writes `--` before it.
 * What is plainly an option that there is not is none. @throws CliError usage
 */
function valueOf(words: string[], command: Command): string {
  const option = words.find((word) => /^--[a-z][a-z-]{1,19}(=.*)?$/.test(word));
  if (option !== undefined && !endsOptions(command))
    throw new CliError(
      `There is no option ${option} of signpost record ${command.name()}.${didYouMean(option, optionsOf(command))} Put -- before the value if it is part of it.`,
      exitCodes.usage,
    );
  return words.join(' ');
}

function optionsOf(command: Command): string[] {
  const all = [...command.options, ...(command.parent?.parent?.options ?? [])];
  return all.flatMap(({ long }) => long ?? []);
}

/** Whether `--` was typed: whatever comes after it is a value. */
function endsOptions(command: Command): boolean {
  const root = command.parent?.parent as (Command & { rawArgs?: string[] }) | undefined;
  return root?.rawArgs?.includes('--') ?? false;
}

function addWrite(record: Command, verb: string, method: 'POST' | 'PUT', description: string): void {
  record
    .command(`${verb} <zone> <owner> <type> <value...>`)
    .description(description)
    .option('--ttl <seconds>', 'time to live of this record: seconds, or a time such as 5m or 1h30m')
    .option('--dry-run', DRY_RUN)
    .allowUnknownOption()
    .addHelpText(
      'after',
      `\nExamples:\n  signpost record ${verb} example.com www A 192.0.2.7\n` +
        `  signpost record ${verb} example.com @ TXT '"some-verification=abc"'\n` +
        `  signpost record ${verb} example.com dyn.example.com A local --ttl 1m\n\n` +
        'The owner is a whole name, or relative to the zone: www, or @ for the zone itself. The value is as in a zone file, and may begin\n' +
        'with -; `local` stands for the addresses of the box.',
    )
    .action(
      async (
        typedZone: string,
        owner: string,
        type: string,
        value: string[],
        options: { ttl?: string; dryRun?: boolean },
        command: Command,
      ) => {
        const { client, show } = contextOf(command);
        const zone = nameIn(typedZone, 'zone');
        const body = {
          type: typeIn(type, owner),
          owner: await ownerIn(owner, zone),
          value: valueOf(value, command),
          ...(options.ttl === undefined ? {} : { ttl: seconds(options.ttl, 'The TTL') }),
        };
        const path = `/zones/${segment(zone)}/records`;
        if (options.dryRun) {
          const answer = await preview(client, zone, { [method === 'POST' ? 'add' : 'replace']: [body] });
          show(answer, () => previewed(answer));
          return;
        }
        const answer = (await client({ method, path, body })) as ChangeAnswer;
        show(answer, () => changed(answer));
      },
    );
}

function addRemove(record: Command): void {
  record
    .command('remove <zone> <owner> [type] [value...]')
    .aliases(['rm', 'delete'])
    .description('remove your records at a name; all of them, or those of a type, or one value')
    .option('--dry-run', DRY_RUN)
    .allowUnknownOption()
    .addHelpText(
      'after',
      '\nExamples:\n  signpost record remove example.com www\n' +
        '  signpost record remove example.com www A 192.0.2.7\n\n' +
        'With exit code 4 there was nothing to remove.',
    )
    .action(
      async (
        typedZone: string,
        typedOwner: string,
        type: string | undefined,
        value: string[],
        { dryRun }: { dryRun?: boolean },
        command: Command,
      ) => {
        const { client, show } = contextOf(command);
        const zone = nameIn(typedZone, 'zone');
        const which = {
          owner: await ownerIn(typedOwner, zone),
          ...(type === undefined ? {} : { type: typeIn(type, typedOwner) }),
          ...(value.length === 0 ? {} : { value: valueOf(value, command) }),
        };
        if (dryRun) {
          const answer = await preview(client, zone, { remove: which });
          show(answer, () => previewed(answer));
          return;
        }
        const path = `/zones/${segment(zone)}/records?${new URLSearchParams(which).toString()}`;
        const answer = (await client({ method: 'DELETE', path })) as RemoveAnswer;
        if (answer.removed === 0) throw await nothingRemoved(client, zone, which);
        show(
          answer,
          () => `${answer.removed} removed${answer.serial === null ? '' : `, serial ${answer.serial}`}.`,
        );
      },
    );
}

interface RemoveAnswer {
  removed: number;
  serial: number | null;
}

interface Which {
  owner: string;
  type?: string;
  value?: string;
}

/** What was asked for is not there: what is there instead, if anything. */
async function nothingRemoved(client: Client, zone: string, which: Which): Promise<CliError> {
  const { owner, type, value } = which;
  const what = [value === undefined ? 'no' : 'no such', type ?? [], 'record of yours'].flat().join(' ');
  const at = await allItems<CustomRecord>(
    client,
    `/zones/${segment(zone)}/records?${new URLSearchParams({ owner }).toString()}`,
  );
  const there = at.map((record) => `  ${record.type} ${record.value}`);
  const rest =
    there.length === 0
      ? ` signpost record list ${zone} shows those there are; the box's own (signpost domain show ${zone}) go with what they are for.`
      : ` There are:\n${there.join('\n')}`;
  const message = `Nothing was removed: there is ${what} at ${shown(owner)}${value === undefined ? '' : ` with the value ${value}`}.${rest}`;
  return new CliError(message, exitCodes.notFound, { detail: message, removed: 0 });
}
