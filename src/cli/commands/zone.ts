import type { Command } from 'commander';
import { colouredChange } from '../colour.ts';
import { CliError } from '../client.ts';
import { confirm } from '../confirm.ts';
import { allItems, contextOf, segment } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { readText, writeText } from '../files.ts';
import { nameIn } from '../input.ts';
import { shown, shownWithALabels } from '../names.ts';
import { table } from '../table.ts';
import { relative, withRelative } from '../times.ts';
import { oneOf, serialIn, ttlOrDefault, wholeNumber } from '../values.ts';
import { type RecordWarning, warningText } from '../warnings.ts';
import { addRebuild } from './zone-rebuild.ts';

interface Zone {
  name: string;
  serial: number | null;
  ttl: number | null;
  denial: string;
  zonemd: boolean;
  records: number;
}

interface ZoneDetail extends Zone {
  warnings: RecordWarning[];
  serialWarning: string | null;
  zonemdWarning: string | null;
  signatures: { renewAt: string; expireAt: string } | null;
}

interface Version {
  serial: number;
  publishedAt: string;
  cause: string;
  actor: string;
  added: number;
  removed: number;
}

interface ImportAnswer {
  zone: string;
  imported: { owner: string; type: string; value: string }[];
  skipped: { owner: string; type: string; value: string; reason: string }[];
  serial: number | null;
}

/** `signpost zone list|show|diff|rollback|rebuild|denial|zonemd|ttl|import|export` */
export function addZone(program: Command): void {
  const zone = program.command('zone').description('zones as they are served: versions, differences, files');
  addList(zone);
  addShow(zone);
  addDiff(zone);
  addRollback(zone);
  addRebuild(zone);
  addDenial(zone);
  addZonemd(zone);
  addTtl(zone);
  addImport(zone);
  addExport(zone);
}

/** A path segment, of the zone that was typed. */
function zoneSegment(name: string): string {
  return segment(nameIn(name, 'zone'));
}

function addList(zone: Command): void {
  zone
    .command('list')
    .alias('ls')
    .description('list the zones')
    .action(async (_options: unknown, command: Command) => {
      const { client, show } = contextOf(command);
      const items = await allItems<Zone>(client, '/zones');
      show(items, () =>
        table(
          ['zone', 'serial', 'denial', 'records'],
          items.map((item) => [shown(item.name), item.serial ?? '–', item.denial, item.records]),
        ),
      );
    });
}

function addShow(zone: Command): void {
  zone
    .command('show <zone>')
    .description('show a zone, its latest versions, and your own records that it does not hold')
    .option('--all', 'every version, not the latest 20')
    .addHelpText('after', '\nExample:\n  signpost zone show example.com')
    .action(async (name: string, options: { all?: boolean }, command: Command) => {
      const { client, show } = contextOf(command);
      const found = (await client({ method: 'GET', path: `/zones/${zoneSegment(name)}` })) as ZoneDetail;
      const path = `/zones/${zoneSegment(name)}/versions`;
      const versions = options.all
        ? await allItems<Version>(client, path)
        : ((await client({ method: 'GET', path: `${path}?limit=20` })) as { items: Version[] }).items;
      show(
        { ...found, versions },
        () =>
          `${zoneLine(found)}${signaturesLine(found)}${saidOf(found)}${warningText(found.warnings)}\n\n${versionTable(versions)}`,
      );
    });
}

function zoneLine(zone: Zone): string {
  const { serial, records, denial, zonemd, ttl } = zone;
  const ttlText = ttl === null ? 'default TTL' : `TTL ${ttl}`;
  return `${shownWithALabels(zone.name)}: serial ${serial ?? '–'}, ${records} records, ${denial.toUpperCase()}, ${ttlText}${zonemd ? ', ZONEMD' : ''}`;
}

function signaturesLine({ signatures }: ZoneDetail): string {
  if (!signatures) return '';
  const { renewAt, expireAt } = signatures;
  return `\nsignatures: renewed ${withRelative(renewAt)}, the first would expire ${withRelative(expireAt)}`;
}

function saidOf({ serialWarning, zonemdWarning }: ZoneDetail): string {
  const said = [serialWarning, zonemdWarning].filter((sentence) => sentence !== null);
  return said.map((sentence) => `\n\n${sentence}`).join('');
}

function versionTable(versions: Version[]): string {
  return table(
    ['serial', 'published', 'added', 'removed', 'by', 'cause'],
    versions.map((version) => [
      version.serial,
      relative(version.publishedAt),
      `+${version.added}`,
      `-${version.removed}`,
      version.actor,
      version.cause,
    ]),
  );
}

function addDiff(zone: Command): void {
  zone
    .command('diff <zone> <from> <to>')
    .description('what changed between two versions (serials)')
    .option('--dnssec', 'with signatures and the NSEC chain')
    .addHelpText('after', '\nExample:\n  signpost zone diff example.com 1795000000 1795000060')
    .action(
      async (name: string, from: string, to: string, options: { dnssec?: boolean }, command: Command) => {
        const { client, show } = contextOf(command);
        const serials = { from: `${serialIn(from, name)}`, to: `${serialIn(to, name)}` };
        const query = new URLSearchParams({ ...serials, ...(options.dnssec ? { dnssec: 'true' } : {}) });
        const answer = (await client({
          method: 'GET',
          path: `/zones/${zoneSegment(name)}/diff?${query.toString()}`,
        })) as {
          items: { op: string; owner: string; type: string; ttl: number; value: string }[];
        };
        show(answer, () =>
          answer.items.length === 0
            ? 'No difference.'
            : answer.items
                .map(({ op, owner, ttl, type, value }) =>
                  colouredChange(`${op} ${owner} ${ttl} ${type} ${value}`),
                )
                .join('\n'),
        );
      },
    );
}

function addRollback(zone: Command): void {
  zone
    .command('rollback <zone> <serial>')
    .description('make your own records what they were at a version; published under a new serial')
    .option('--yes', 'do not ask')
    .addHelpText('after', '\nExample:\n  signpost zone rollback example.com 1795000000')
    .action(async (name: string, serial: string, options: { yes?: boolean }, command: Command) => {
      const { client, show } = contextOf(command);
      const body = { serial: serialIn(serial, name) };
      const path = `/zones/${zoneSegment(name)}/rollback`;
      await confirm(`Take back every change of your own records in ${name} since ${serial}?`, options.yes);
      const answer = (await client({
        method: 'POST',
        path,
        body,
      })) as { serial: number };
      show(answer, () => `Your records in ${name} are as at ${serial}; published as ${answer.serial}.`);
    });
}

function addDenial(zone: Command): void {
  zone
    .command('denial <zone> <nsec|nsec3>')
    .description('choose how the absence of names is proved; NSEC3 hides the names, NSEC is cheaper')
    .addHelpText('after', '\nExample:\n  signpost zone denial example.com nsec3')
    .action(async (name: string, denial: string, _options: unknown, command: Command) => {
      const { client, show } = contextOf(command);
      const changed = (await client({
        method: 'PATCH',
        path: `/zones/${zoneSegment(name)}`,
        body: { denial: oneOf(denial.toLowerCase(), ['nsec', 'nsec3'], 'The denial') },
      })) as Zone;
      show(changed, () => zoneLine(changed));
    });
}

function addZonemd(zone: Command): void {
  zone
    .command('zonemd <zone> <on|off>')
    .description('have each version carry a digest of all its records, for secondaries that check it')
    .addHelpText('after', '\nExample:\n  signpost zone zonemd example.com on')
    .action(async (name: string, state: string, _options: unknown, command: Command) => {
      const { client, show } = contextOf(command);
      const changed = (await client({
        method: 'PATCH',
        path: `/zones/${zoneSegment(name)}`,
        body: { zonemd: oneOf(state.toLowerCase(), ['on', 'off'], 'ZONEMD') === 'on' },
      })) as Zone;
      show(changed, () => zoneLine(changed));
    });
}

function addTtl(zone: Command): void {
  zone
    .command('ttl <zone> <seconds>')
    .description("set the time to live of records that have none of their own; default: the box's")
    .addHelpText(
      'after',
      '\nExamples:\n  signpost zone ttl example.com 300\n  signpost zone ttl example.com default',
    )
    .action(async (name: string, seconds: string, _options: unknown, command: Command) => {
      const { client, show } = contextOf(command);
      const path = `/zones/${zoneSegment(name)}`;
      const body = { ttl: ttlOrDefault(seconds) };
      const changed = (await client({ method: 'PATCH', path, body })) as Zone;
      show(changed, () => zoneLine(changed));
    });
}

interface ImportOptions {
  file?: string;
  axfr?: string;
  port?: string;
  tls?: boolean;
  tlsName?: string;
  tlsPin?: string;
  tlsCa?: string;
  dryRun?: boolean;
  mail: boolean;
  web: boolean;
}

function addImport(zone: Command): void {
  zone
    .command('import <zone>')
    .description('take over the records of a zone file, or of the server that has the zone now')
    .option('--file <path>', 'a zone file; - reads standard input')
    .option('--axfr <server>', 'transfer from this server (AXFR)')
    .option('--port <port>', "the server's port: 53, or 853 over TLS")
    .option('--tls', 'transfer over TLS, known by its certificate')
    .option('--tls-name <name>', 'over TLS: what its certificate must be for')
    .option('--tls-pin <pin>', 'over TLS: SHA-256 of its public key, in base64')
    .option('--tls-ca <path>', 'over TLS: certificates of CAs in PEM, in place of those of this system')
    .option('--dry-run', 'say what would happen, change nothing')
    .option('--no-mail', 'the domain takes no part in mail')
    .option('--no-web', 'the domain has no web site here')
    .addHelpText(
      'after',
      '\nExamples:\n  signpost zone import example.com --file example.com.zone --dry-run\n' +
        '  signpost zone import example.com --axfr 198.51.100.53\n' +
        '  signpost zone import example.com --axfr ns1.example.net --tls',
    )
    .action(async (name: string, options: ImportOptions, command: Command) => {
      const { client, show } = contextOf(command);
      const body = {
        zone: nameIn(name, 'zone'),
        from: await importSource(options),
        dryRun: options.dryRun ?? false,
        mail: options.mail,
        web: options.web,
      };
      const answer = (await client({ method: 'POST', path: '/zones/import', body })) as ImportAnswer;
      show(answer, () => describeImport(answer, options.dryRun ?? false));
    });
}

async function importSource(options: ImportOptions): Promise<unknown> {
  if (options.file !== undefined && options.axfr === undefined) {
    const text = await readText(options.file);
    if (text.trim() !== '') return { kind: 'zonefile', text };
    const from = options.file === '-' ? 'Standard input' : options.file;
    throw new CliError(`${from} is empty: there is no zone file in it.`, exitCodes.usage);
  }
  if (options.axfr !== undefined && options.file === undefined) {
    const port = options.port === undefined ? undefined : wholeNumber(options.port, '--port');
    return { kind: 'axfr', server: options.axfr, port, tls: await tlsOf(options) };
  }
  throw new CliError(
    options.file === undefined
      ? 'Say where the records come from: --file PATH or --axfr SERVER.'
      : 'The records come from one place: give --file or --axfr, not both.',
    exitCodes.usage,
  );
}

async function tlsOf({ tls, tlsName, tlsPin, tlsCa }: ImportOptions): Promise<unknown> {
  if (!tls && tlsName === undefined && tlsPin === undefined && tlsCa === undefined) return undefined;
  return { name: tlsName, pin: tlsPin, ca: tlsCa === undefined ? undefined : await readText(tlsCa) };
}

function describeImport(answer: ImportAnswer, dryRun: boolean): string {
  const skipped = answer.skipped.map(({ owner, type, reason }) => `  ${owner} ${type}: ${reason}`);
  const head = dryRun
    ? `${answer.imported.length} records would be taken over, ${skipped.length} not. Nothing was changed.`
    : `${answer.imported.length} records taken over, ${skipped.length} not; serial ${answer.serial ?? '–'}.`;
  return skipped.length === 0 ? head : `${head}\n\nLeft out:\n${skipped.join('\n')}`;
}

interface ExportOptions {
  signed?: boolean;
  serial?: string;
  output?: string;
}

function addExport(zone: Command): void {
  zone
    .command('export <zone>')
    .description('print the served zone as a zone file')
    .option('--signed', 'with signatures and the NSEC chain')
    .option('--serial <serial>', 'an earlier version')
    .option('--output <path>', 'write it to a file')
    .addHelpText('after', '\nExample:\n  signpost zone export example.com --output example.com.zone')
    .action(async (name: string, options: ExportOptions, command: Command) => {
      const { client, show } = contextOf(command);
      const { signed, serial, output } = options;
      const query = new URLSearchParams({
        ...(signed ? { signed: 'true' } : {}),
        ...(serial === undefined ? {} : { serial: `${serialIn(serial, name)}` }),
      });
      const path = `/zones/${zoneSegment(name)}/zonefile?${query.toString()}`;
      const text = (await client({ method: 'GET', path, accept: 'text/dns' })) as string;
      if (output === undefined) show({ zone: name, zonefile: text }, () => text.trimEnd());
      else {
        await writeText(output, text);
        show({ zone: name, output }, () => `Written to ${output}.`);
      }
    });
}
