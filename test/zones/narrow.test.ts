import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FakeClock } from '../../src/core/clock.ts';
import { AppError } from '../../src/core/errors.ts';
import { seededRandom } from '../../src/core/random.ts';
import { domain, name, person, startZones, type ZonesBox } from '../kit/zones-box.ts';
import { ownerIn, VALUES } from './arbitrary.ts';

const zone = name('example.com');
const hosts = ['a.example.com', 'b.a.example.com', 'www.example.com', 'mta-sts.example.com'];

type Step =
  | { op: 'domain'; host: string; mail: boolean; web: boolean }
  | { op: 'add' | 'replace'; owner: string; type: string; value: string }
  | { op: 'remove'; owner: string }
  | { op: 'rollback'; back: number };

const record = fc
  .record({
    op: fc.constantFrom('add' as const, 'add' as const, 'replace' as const),
    owner: ownerIn(zone),
    kind: fc.constantFrom(...VALUES),
    choice: fc.nat(),
    target: ownerIn(zone),
  })
  .map(({ op, owner, kind: [type, values], choice, target }): Step => {
    const value = values[choice % values.length]!.replace('OWNER', target.toString());
    return { op, owner: owner.toText(), type, value };
  });

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: record },
  { weight: 2, arbitrary: ownerIn(zone).map((owner): Step => ({ op: 'remove', owner: owner.toText() })) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('rollback' as const), back: fc.nat({ max: 5 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      op: fc.constant('domain' as const),
      host: fc.constantFrom(...hosts),
      mail: fc.boolean(),
      web: fc.boolean(),
    }),
  },
);

async function apply(box: ZonesBox, action: Step): Promise<void> {
  switch (action.op) {
    case 'add':
      await box.records.add(person, zone, [action]);
      return;
    case 'replace':
      await box.records.replace(person, zone, [action]);
      return;
    case 'remove':
      await box.records.remove(person, zone, { owner: action.owner });
      return;
    case 'rollback': {
      const { items } = box.zones.versions(zone, { limit: 10, cursor: undefined });
      await box.zones.rollback(person, zone, items[action.back % items.length]!.serial);
      return;
    }
    case 'domain': {
      const { mail, web } = action;
      const known = box.domains.get(name(action.host));
      if (!known) await box.domains.add(person, domain(action.host, { mail, web }));
      else if (known.mail === mail) await box.domains.remove(person, known.name);
      else await box.domains.update(person, known.name, { mail, web });
    }
  }
}

/** Deriving all of the zone again finds nothing that differs from what is served. */
async function checkWhole(box: ZonesBox, last: Step): Promise<void> {
  const { serial } = box.zones.get(zone)!;
  const { published } = await box.publisher.change({ actor: person, cause: 'check' }, (change) =>
    change.touch(zone, { owners: 'all' }),
  );
  if (published[0]!.serial === serial) return;
  expect(
    await box.zones.diff(zone, serial!, published[0]!.serial, { dnssec: false }),
    JSON.stringify(last),
  ).toEqual([]);
}

it('publishes all that hangs on a change, whatever it is', async () => {
  const hosted = ['example.com', ...hosts].map((text): [string, string] => [name(text).key, '1']);
  const facts = { accountUri: undefined, caaIdentities: [], tlsaKeys: [], mtaStsPolicies: new Map(hosted) };
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 20 }), async (steps) => {
      const options = { clock: new FakeClock(), random: seededRandom(3), hostname: 'box.example.net' };
      const box = await startZones({ ...options, sources: { certificates: () => facts } });
      try {
        await box.domains.add(person, domain('example.com'));
        for (const action of steps) {
          // What is refused must change nothing either.
          await apply(box, action).catch((error: unknown) => expect(error).toBeInstanceOf(AppError));
          await checkWhole(box, action);
        }
      } finally {
        await box.close();
      }
    }),
    { numRuns: Number(process.env['FC_RUNS'] ?? 20) },
  );
}, 180_000);
