import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { epochSeconds, systemClock } from '../../src/core/clock.ts';
import { systemRandom } from '../../src/core/random.ts';
import { cdsFromKeys, generateKey } from '../../src/dns/dnssec/keys.ts';
import { defaultSignPolicy } from '../../src/dns/dnssec/policy.ts';
import { createSignPool } from '../../src/dns/dnssec/sign-pool.ts';
import { signZone } from '../../src/dns/dnssec/sign-zone.ts';
import { typeName } from '../../src/dns/rdata/registry.ts';
import type { ResourceRecord } from '../../src/dns/rr.ts';
import { Type } from '../../src/dns/type-codes.ts';
import { printRecord } from '../../src/dns/zonefile/print.ts';
import { compose } from '../../src/zones/compose.ts';
import { validateRecord } from '../../src/zones/custom/validate.ts';
import type { CustomRecord, ZoneInput } from '../../src/zones/model.ts';
import { checkZone } from '../kit/check-zone.ts';
import { MemoryView } from '../kit/memory-view.ts';
import { contextOf, removalProblem } from '../kit/record-context.ts';
import { missing } from '../kit/requires.ts';
import { arbitraryZone } from '../zones/arbitrary.ts';

const directory = mkdtempSync(join(tmpdir(), 'signpost-compose-'));
const pool = createSignPool({ threads: 0 });
afterAll(async () => {
  await pool.close();
  rmSync(directory, { recursive: true });
});

const key = generateKey();
const reason = missing({ commands: ['named-checkzone', 'ldns-verify-zone', 'unshare'] });

describe(`no set of domains and custom records makes a zone that peers reject${reason ? ` (${reason})` : ''}`, () => {
  test.skipIf(reason)(
    'of records that the validation has let in',
    async () => {
      let refused = 0;
      let taken = 0;
      await fc.assert(
        fc.asyncProperty(arbitraryZone, fc.array(fc.nat(), { maxLength: 3 }), async (input, removals) => {
          const custom = remove(admit(input), removals);
          refused += input.custom.length - custom.length;
          taken += custom.length;
          expect(await complaints({ ...input, custom }, 'says nothing')).toEqual([]);
        }),
        { numRuns: 40, interruptAfterTimeLimit: 25_000 },
      );
      // Otherwise it would show nothing.
      expect(taken).toBeGreaterThan(40);
      expect(refused).toBeGreaterThan(10);
    },
    60_000,
  );

  // What the validation refuses may be there all the same: a domain came later, or an older version let it in.
  test.skipIf(reason)(
    'of whatever records there are',
    async () => {
      await fc.assert(
        fc.asyncProperty(arbitraryZone, async (input) => {
          expect(await complaints(input, 'loads it')).toEqual([]);
        }),
        { numRuns: 40, interruptAfterTimeLimit: 25_000 },
      );
    },
    60_000,
  );
});

/** What named-checkzone says of good zones; names such as _tcp are a matter of taste where a host is expected. */
const HARMLESS = /^$|^OK$|loaded serial|Zone is verified|\(check-names\)|DNSSEC signed/;

/** Takes the records one after the other, as the API would. */
function admit(input: ZoneInput): ZoneInput {
  const custom: CustomRecord[] = [];
  for (const record of input.custom) {
    const { owner, type, ttl, value } = record;
    const text = { owner: owner.toText(), type: typeName(type), ttl, value };
    const result = validateRecord(text, contextOf({ ...input, custom }));
    if (result.ok && !result.existing) custom.push({ ...result.record, id: record.id });
  }
  return { ...input, custom };
}

function remove(input: ZoneInput, choices: readonly number[]): CustomRecord[] {
  let { custom } = input;
  for (const choice of choices) {
    const record = custom[choice % Math.max(1, custom.length)];
    if (record && !removalProblem(record, contextOf({ ...input, custom })))
      custom = custom.filter((other) => other !== record);
  }
  return [...custom];
}

/** What the peers say against the signed zone: named-checkzone nothing at all, or nothing for which it would not load it. */
async function complaints(input: ZoneInput, named: 'says nothing' | 'loads it'): Promise<string[]> {
  const records = await signed(input);
  const check = checkZone(input.zone.name, records, directory);
  const checked = check.output.split('\n').filter((line) => !HARMLESS.test(line));
  const path = join(directory, 'signed');
  const text = records.map((record) => `${printRecord(record)}\n`).join('');
  writeFileSync(path, text);
  const verify = spawnSync('ldns-verify-zone', ['-V2', path], { encoding: 'utf8', timeout: 60_000 });
  return [
    ...(check.ok && (named === 'loads it' || checked.length === 0)
      ? []
      : ['named-checkzone', ...checked, text]),
    ...(verify.status === 0 ? [] : ['ldns-verify-zone', `${verify.stdout}${verify.stderr}`, text]),
  ];
}

async function signed(input: ZoneInput): Promise<ResourceRecord[]> {
  const { name: origin, denial } = input.zone;
  const records = compose({ ...input, dnskeys: [key.dnskey], ...cdsFromKeys(origin, [key]) });
  const nodes = [...Map.groupBy(records, ({ owner }) => owner.key).values()].map((node) => ({
    owner: node[0]!.owner,
    rrsets: [...Map.groupBy(node, ({ type }) => type).values()].map((rrset) => ({
      ...rrset[0]!,
      rdatas: rrset.map(({ rdata }) => rdata),
    })),
  }));
  const options = {
    origin,
    keys: [key],
    policy: { ...defaultSignPolicy, denial },
    now: epochSeconds(systemClock),
    random: systemRandom,
    scope: 'changes' as const,
  };
  const view = new MemoryView(origin).apply(
    (await signZone(undefined, nodes, options, pool.batch())).changes,
  );
  return [...view.nodes(), ...view.nsec3Nodes()]
    .flatMap((node) => node.rrsets)
    .flatMap(({ owner, type, ttl, rdatas, signatures }) => [
      ...rdatas.map((rdata) => ({ owner, type, ttl, rdata })),
      ...signatures.map((rdata) => ({ owner, type: Type.RRSIG, ttl, rdata })),
    ])
    .sort((a, b) => Number(b.type === Type.SOA) - Number(a.type === Type.SOA));
}
