import type { Command } from 'commander';
import { allItems, contextOf, segment } from '../context.ts';
import { shown } from '../names.ts';
import { table } from '../table.ts';
import { wholeNumber } from '../values.ts';
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

/** `signpost record list|add|set|remove` */
export function addRecord(program: Command): void {
  const record = program.command('record').description('your own records, beside those the box derives');
  record
    .command('list <zone>')
    .description("list a zone's own records")
    .option('--owner <name>', 'only at this name')
    .option('--type <type>', 'only of this type')
    .addHelpText('after', '\nExample:\n  signpost record list example.com --type TXT')
    .action(async (zone: string, options: ListOptions, command: Command) => {
      const { client, show } = contextOf(command);
      const query = new URLSearchParams(options as Record<string, string>).toString();
      const items = await allItems<CustomRecord>(
        client,
        `/zones/${segment(zone)}/records${query === '' ? '' : `?${query}`}`,
      );
      show(items, () => recordTable(items) + warningText(warningsOf(items)));
    });
  addWrite(record, 'add', 'POST', 'add a record; others at the same name and type stay');
  addWrite(record, 'set', 'PUT', 'replace all your records of this name and type by this one');
  addRemove(record);
}

function addWrite(record: Command, verb: string, method: 'POST' | 'PUT', description: string): void {
  record
    .command(`${verb} <zone> <owner> <type> <value...>`)
    .description(description)
    .option('--ttl <seconds>', 'time to live of this record')
    .addHelpText(
      'after',
      `\nExamples:\n  signpost record ${verb} example.com www.example.com A 192.0.2.7\n` +
        `  signpost record ${verb} example.com example.com TXT '"some-verification=abc"'\n` +
        `  signpost record ${verb} example.com dyn.example.com A local --ttl 60\n\n` +
        'The value is as in a zone file; `local` stands for the addresses of the box. Put -- before a word of it that begins with -.',
    )
    .action(
      async (
        zone: string,
        owner: string,
        type: string,
        value: string[],
        options: { ttl?: string },
        command: Command,
      ) => {
        const { client, show } = contextOf(command);
        const body = {
          owner,
          type: type.toUpperCase(),
          value: value.join(' '),
          ...(options.ttl === undefined ? {} : { ttl: wholeNumber(options.ttl, 'TTL') }),
        };
        const answer = (await client({
          method,
          path: `/zones/${segment(zone)}/records`,
          body,
        })) as ChangeAnswer;
        show(answer, () => changed(answer));
      },
    );
}

function addRemove(record: Command): void {
  record
    .command('remove <zone> <owner> [type] [value...]')
    .description('remove your records at a name; all of them, or those of a type, or one value')
    .addHelpText(
      'after',
      '\nExamples:\n  signpost record remove example.com www.example.com\n' +
        '  signpost record remove example.com www.example.com A 192.0.2.7',
    )
    .action(
      async (
        zone: string,
        owner: string,
        type: string | undefined,
        value: string[],
        _options: unknown,
        command: Command,
      ) => {
        const { client, show } = contextOf(command);
        const query = new URLSearchParams({ owner });
        if (type !== undefined) query.set('type', type.toUpperCase());
        if (value.length > 0) query.set('value', value.join(' '));
        const answer = (await client({
          method: 'DELETE',
          path: `/zones/${segment(zone)}/records?${query.toString()}`,
        })) as { removed: number; serial: number | null };
        show(
          answer,
          () => `${answer.removed} removed${answer.serial === null ? '' : `, serial ${answer.serial}`}.`,
        );
      },
    );
}
