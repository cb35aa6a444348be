import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { canonicalRdata } from '../../src/dns/rdata/registry.ts';
import type { ResourceRecord } from '../../src/dns/rr.ts';
import { Name } from '../../src/dns/wire/name.ts';
import { parseZoneFile } from '../../src/dns/zonefile/parse.ts';
import { printRecord, printZoneFile } from '../../src/dns/zonefile/print.ts';
import { missing } from '../kit/requires.ts';

const zones = join(import.meta.dirname, '../vectors/zones');
const origin = Name.parse('example.com');
const scratch = mkdtempSync(join(tmpdir(), 'zonefile-'));
afterAll(() => {
  rmSync(scratch, { recursive: true });
});

/** Programs that read a zone file and print what they read; each runs in the folder of the zones. */
const readers = {
  bind: (file: string) =>
    run('named-checkzone', ['-q', '-D', '-i', 'none', '-k', 'ignore', '-o', '-', 'example.com', file]),
  // The same program, but it prints with $ORIGIN, $TTL, parentheses and blank owners.
  relative: (file: string) =>
    run('named-compilezone', [
      '-q',
      '-s',
      'relative',
      '-i',
      'none',
      '-k',
      'ignore',
      '-o',
      '-',
      'example.com',
      file,
    ]),
  nsd: (file: string) => run('nsd-checkzone', ['-p', 'example.com', file]),
  ldns: (file: string) => run('ldns-read-zone', [file]),
};
type Reader = keyof typeof readers;

/** Who can read what: the habits of BIND are BIND's. */
const corpus: Record<string, readonly Reader[]> = {
  'habits.zone': ['bind', 'relative', 'nsd', 'ldns'],
  'types.zone': ['bind', 'relative', 'nsd', 'ldns'],
  'rare-types.zone': ['bind', 'relative', 'nsd', 'ldns'],
  'bind-types.zone': ['bind', 'relative'],
  'bind.zone': ['bind', 'relative'],
  'generate.zone': ['bind', 'relative'],
  'include.zone': ['bind', 'relative'],
  'no-ttl.zone': ['bind', 'relative'],
  // NSD takes the first TTL for all.
  'last-ttl.zone': ['bind', 'relative', 'ldns'],
};

const cases = Object.entries(corpus).flatMap(([file, peers]) => peers.map((peer) => [file, peer] as const));

test('the table names every zone of the corpus', () => {
  expect(Object.keys(corpus).sort()).toEqual(
    readdirSync(zones)
      .filter((file) => file.endsWith('.zone'))
      .sort(),
  );
});

const reason = missing({ commands: ['named-checkzone', 'nsd-checkzone', 'ldns-read-zone'] });
describe.skipIf(reason)(`other readers ${reason ?? ''}`, () => {
  test.each(cases)('%s reads as in %s', (file, peer) => {
    expect(ours(read(file))).toEqual(ours(readers[peer](file)));
  });

  test.each(cases)('%s, printed by us, reads the same in %s', (file, peer) => {
    const printed = join(scratch, `${peer}-${file}`);
    const records = parse(read(file));
    writeFileSync(printed, printZoneFile(records, { origin, comments: () => 'a comment (with "marks")' }));
    expect(ours(readers[peer](printed))).toEqual(lines(records));
  });

  test.each([
    ['CRLF', (text: string) => text.replaceAll('\n', '\r\n')],
    ['a last line without its newline', (text: string) => text.trimEnd()],
  ])('%s, as in BIND', (what, change) => {
    const file = join(scratch, what);
    writeFileSync(file, change(read('habits.zone')));
    expect(ours(readFileSync(file, 'utf8'))).toEqual(ours(readers.bind(file)));
  });
});

function run(program: string, args: string[]): string {
  return execFileSync(program, args, {
    cwd: zones,
    encoding: 'utf8',
    timeout: 60_000,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function read(file: string): string {
  return readFileSync(join(zones, file), 'utf8');
}

function parse(text: string): ResourceRecord[] {
  const result = parseZoneFile(text, { origin, include: (file) => read(file) });
  if (!result.ok) throw new Error(JSON.stringify(result.errors, null, 1));
  return result.records;
}

function ours(text: string): string[] {
  return lines(parse(text));
}

/** One line a record, sorted, in canonical form: NSD puts names in lower case. */
function lines(records: ResourceRecord[]): string[] {
  const canonical = records.map((record) => ({
    ...record,
    owner: record.owner.canonical(),
    rdata: canonicalRdata(record.type, record.rdata),
  }));
  return canonical.map(printRecord).sort();
}
