import { readFileSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { CliError } from '../client.ts';
import { confirm } from '../confirm.ts';
import { allItems, contextOf, segment } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { table } from '../table.ts';

interface Zone {
  name: string;
  serial: number | null;
  denial: string;
  records: number;
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

/** `signpost zone list|show|diff|rollback|denial|import|export` */
export function addZone(program: Command): void {
  const zone = program.command('zone').description('zones as they are served: versions, differences, files');
  addList(zone);
  addShow(zone);
  addDiff(zone);
  addRollback(zone);
  addDenial(zone);
  addImport(zone);
  addExport(zone);
}

function addList(zone: Command): void {
  zone
    .command('list')
    .description('list the zones')
    .action(async (_options: unknown, command: Command) => {
      const { client, show } = contextOf(command);
      const items = await allItems<Zone>(client, '/zones');
      show(items, () =>
        table(
          ['zone', 'serial', 'denial', 'records'],
          items.map((item) => [item.name, item.serial ?? '–', item.denial, item.records]),
        ),
      );
    });
}

function addShow(zone: Command): void {
  zone
    .command('show <zone>')
    .description('show a zone and its latest versions')
    .option('--all', 'every version')
    .action(async (name: string, options: { all?: boolean }, command: Command) => {
      const { client, show } = contextOf(command);
      const found = (await client({ method: 'GET', path: `/zones/${segment(name)}` })) as Zone;
      const path = `/zones/${segment(name)}/versions`;
      const versions = options.all
        ? await allItems<Version>(client, path)
        : ((await client({ method: 'GET', path: `${path}?limit=20` })) as { items: Version[] }).items;
      show({ ...found, versions }, () => `${zoneLine(found)}\n\n${versionTable(versions)}`);
    });
}

function zoneLine(zone: Zone): string {
  return `${zone.name}: serial ${zone.serial ?? '–'}, ${zone.records} records, ${zone.denial.toUpperCase()}`;
}

function versionTable(versions: Version[]): string {
  return table(
    ['serial', 'published', 'added', 'removed', 'by', 'cause'],
    versions.map((version) => [
      version.serial,
      version.publishedAt,
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
    .action(
      async (name: string, from: string, to: string, options: { dnssec?: boolean }, command: Command) => {
        const { client, show } = contextOf(command);
        const query = new URLSearchParams({ from, to, ...(options.dnssec ? { dnssec: 'true' } : {}) });
        const answer = (await client({
          method: 'GET',
          path: `/zones/${segment(name)}/diff?${query.toString()}`,
        })) as {
          items: { op: string; owner: string; type: string; ttl: number; value: string }[];
        };
        show(answer, () =>
          answer.items.length === 0
            ? 'No difference.'
            : answer.items
                .map((line) => `${line.op} ${line.owner} ${line.ttl} ${line.type} ${line.value}`)
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
    .action(async (name: string, serial: string, options: { yes?: boolean }, command: Command) => {
      const { client, show } = contextOf(command);
      await confirm(`Take back every change of your own records in ${name} since ${serial}?`, options.yes);
      const answer = (await client({
        method: 'POST',
        path: `/zones/${segment(name)}/rollback`,
        body: { serial: Number(serial) },
      })) as { serial: number };
      show(answer, () => `${name} is as it was at ${serial}, published as ${answer.serial}.`);
    });
}

function addDenial(zone: Command): void {
  zone
    .command('denial <zone> <nsec|nsec3>')
    .description('choose how the absence of names is proved; NSEC3 hides the names, NSEC is cheaper')
    .action(async (name: string, denial: string, _options: unknown, command: Command) => {
      const { client, show } = contextOf(command);
      const changed = (await client({
        method: 'PATCH',
        path: `/zones/${segment(name)}`,
        body: { denial },
      })) as Zone;
      show(changed, () => zoneLine(changed));
    });
}

interface ImportOptions {
  file?: string;
  axfr?: string;
  port: string;
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
    .option('--port <port>', "the server's port", '53')
    .option('--dry-run', 'say what would happen, change nothing')
    .option('--no-mail', 'the domain takes no part in mail')
    .option('--no-web', 'the domain has no web site here')
    .addHelpText('after', '\nExample:\n  signpost zone import example.com --file example.com.zone --dry-run')
    .action(async (name: string, options: ImportOptions, command: Command) => {
      const { client, show } = contextOf(command);
      const body = {
        zone: name,
        from: importSource(options),
        dryRun: options.dryRun ?? false,
        mail: options.mail,
        web: options.web,
      };
      const answer = (await client({ method: 'POST', path: '/zones/import', body })) as ImportAnswer;
      show(answer, () => describeImport(answer, options.dryRun ?? false));
    });
}

function importSource(options: ImportOptions): unknown {
  if (options.file !== undefined && options.axfr === undefined) {
    return { kind: 'zonefile', text: readFileSync(options.file === '-' ? 0 : options.file, 'utf8') };
  }
  if (options.axfr !== undefined && options.file === undefined) {
    return { kind: 'axfr', server: options.axfr, port: Number(options.port) };
  }
  throw new CliError('Give one of --file and --axfr.', exitCodes.usage);
}

function describeImport(answer: ImportAnswer, dryRun: boolean): string {
  const skipped = answer.skipped.map((record) => [record.owner, record.type, record.reason]);
  const head = dryRun
    ? `${answer.imported.length} records would be taken over, ${skipped.length} not. Nothing was changed.`
    : `${answer.imported.length} records taken over, ${skipped.length} not; serial ${answer.serial ?? '–'}.`;
  return skipped.length === 0 ? head : `${head}\n\n${table(['owner', 'type', 'left out because'], skipped)}`;
}

function addExport(zone: Command): void {
  zone
    .command('export <zone>')
    .description('print the served zone as a zone file')
    .option('--signed', 'with signatures and the NSEC chain')
    .option('--serial <serial>', 'an earlier version')
    .option('--output <path>', 'write it to a file')
    .action(
      async (
        name: string,
        options: { signed?: boolean; serial?: string; output?: string },
        command: Command,
      ) => {
        const { client } = contextOf(command);
        const query = new URLSearchParams({
          ...(options.signed ? { signed: 'true' } : {}),
          ...(options.serial === undefined ? {} : { serial: options.serial }),
        });
        const text = (await client({
          method: 'GET',
          path: `/zones/${segment(name)}/zonefile?${query.toString()}`,
          accept: 'text/dns',
        })) as string;
        if (options.output === undefined) process.stdout.write(text);
        else writeFileSync(options.output, text);
      },
    );
}
