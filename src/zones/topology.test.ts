import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { domain, name, person, startZones, type ZonesBox } from '../../test/kit/zones-box.ts';
import { FakeClock } from '../core/clock.ts';
import { AppError } from '../core/errors.ts';
import { seededRandom } from '../core/random.ts';
import { retireHostname } from './former/retire.ts';
import { topmost } from './topology.ts';

/** A tree in which most pairs are nested, and two that are not. */
const names = [
  'example.com',
  'sub.example.com',
  'deep.sub.example.com',
  'other.example.com',
  'example.org',
  'example.net',
  'box.example.net',
  'in.box.example.net',
];

type Step =
  | { op: 'add' | 'remove' | 'external' | 'local' | 'mail'; domain: string }
  | { op: 'record'; owner: string }
  | { op: 'host' | 'retire'; hostname: string };

const someName = fc.constantFrom(...names);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ op: fc.constant('add' as const), domain: someName }) },
  {
    weight: 4,
    arbitrary: fc.record({
      op: fc.constantFrom('remove' as const, 'external' as const, 'local' as const, 'mail' as const),
      domain: someName,
    }),
  },
  { weight: 4, arbitrary: fc.record({ op: fc.constant('record' as const), owner: someName }) },
  {
    weight: 2,
    arbitrary: fc.record({
      op: fc.constantFrom('host' as const, 'retire' as const),
      hostname: fc.constantFrom('box.example.net', 'mail.example.com', 'sub.example.com'),
    }),
  },
);

/** What must hold, kept beside the box in the plainest way. */
interface Model {
  domains: Map<string, 'local' | 'external'>;
  hostname: string;
  /** Hostnames of before that still answer. */
  former: Set<string>;
  /** Owner of each record of a person. */
  records: Set<string>;
  serials: Map<string, number>;
}

function isWithin(a: string, b: string): boolean {
  return a === b || a.endsWith(`.${b}`);
}

function homes({ domains, hostname, former }: Model): string[] {
  return [...[...domains].filter(([, dns]) => dns === 'local').map(([text]) => text), hostname, ...former];
}

function nearestHome(model: Model, owner: string): string | undefined {
  return homes(model)
    .filter((home) => isWithin(owner, home))
    .sort((a, b) => b.length - a.length)[0];
}

function zoneFor(model: Model, owner: string): string | undefined {
  return homes(model)
    .filter((home) => isWithin(owner, home))
    .sort((a, b) => a.length - b.length)[0];
}

async function apply(box: ZonesBox, model: Model, action: Step): Promise<void> {
  switch (action.op) {
    case 'add':
      await box.domains.add(person, domain(action.domain));
      model.domains.set(action.domain, 'local');
      return;
    case 'remove':
      forget(model, action.domain, () => model.domains.delete(action.domain));
      await box.domains.remove(person, name(action.domain));
      return;
    case 'external':
      forget(model, action.domain, () => model.domains.set(action.domain, 'external'));
      await box.domains.update(person, name(action.domain), { dns: 'external' });
      return;
    case 'local':
      await box.domains.update(person, name(action.domain), { dns: 'local' });
      model.domains.set(action.domain, 'local');
      return;
    case 'mail': {
      const before = box.domains.get(name(action.domain))!;
      await box.domains.update(person, name(action.domain), { mail: !before.mail });
      return;
    }
    case 'record': {
      const owner = `r${model.records.size}.${action.owner}`;
      const zone = zoneFor(model, owner)!;
      await box.records.add(person, name(zone), [{ owner, type: 'A', value: '198.51.100.7' }]);
      model.records.add(owner);
      return;
    }
    case 'host': {
      model.former.add(model.hostname);
      model.former.delete(action.hostname);
      model.hostname = action.hostname;
      await box.box.put(person, { ...box.box.get()!, hostname: name(action.hostname) });
      return;
    }
    case 'retire':
      model.former.delete(action.hostname);
      await box.publisher.change({ actor: person, cause: 'test' }, (change) =>
        retireHostname(change, name(action.hostname), 'asked for'),
      );
  }
}

/** A domain that goes takes its own records along, where they have no home of their own. */
function forget(model: Model, text: string, change: () => void): void {
  if (model.domains.get(text) === 'local') {
    for (const owner of model.records) {
      if (nearestHome(model, owner) === text && text !== model.hostname) model.records.delete(owner);
    }
  }
  change();
}

function isPossible(model: Model, action: Step): boolean {
  if (action.op === 'record') return zoneFor(model, `r.${action.owner}`) !== undefined;
  if ('hostname' in action) return action.op === 'host' || model.former.has(action.hostname);
  return action.op === 'add' ? !model.domains.has(action.domain) : model.domains.has(action.domain);
}

function check(box: ZonesBox, model: Model): void {
  expect(box.origins()).toEqual(
    topmost(homes(model).map(name))
      .map((zone) => zone.toText())
      .sort(),
  );
  for (const owner of model.records) {
    const zone = zoneFor(model, owner);
    // A name that lost its only home when H moved away waits for it to come back.
    if (zone === undefined) continue;
    const node = box.served(zone)!.node(name(owner));
    expect(
      node?.rrsets.some((rrset) => rrset.type === 1),
      `${owner} in ${zone}`,
    ).toBe(true);
  }
  for (const zone of box.zones.list({ limit: 100, cursor: undefined }).items) {
    const text = zone.name.toText();
    expect(zone.serial).toBeGreaterThanOrEqual(model.serials.get(text) ?? 0);
    model.serials.set(text, zone.serial!);
  }
}

/** What the zone would be if it were derived and signed anew must be what is served. */
async function checkDerivation(box: ZonesBox): Promise<void> {
  const before = new Map(
    box.zones.list({ limit: 100, cursor: undefined }).items.map((zone) => [zone.name.toText(), zone.serial]),
  );
  const { published } = await box.publisher.change({ actor: person, cause: 'check' }, (change) => {
    for (const zone of before.keys()) change.touch(name(zone), { owners: 'all' });
  });
  for (const { zone, serial } of published) expect(serial, zone.toText()).toBe(before.get(zone.toText()));
}

describe('splitting and joining zones', () => {
  it('finds the topmost names', () => {
    const found = topmost(['b.example.com', 'example.com', 'example.com', 'xexample.com'].map(name));
    expect(found.map((one) => one.toText())).toEqual(['example.com', 'xexample.com']);
  });

  it('loses nothing, whatever comes and goes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 20 }), async (steps) => {
        const box = await startZones({ clock: new FakeClock(), random: seededRandom(1) });
        const model: Model = {
          domains: new Map(),
          hostname: 'box.example.net',
          former: new Set(),
          records: new Set(),
          serials: new Map(),
        };
        try {
          for (const action of steps) {
            if (!isPossible(model, action)) continue;
            await apply(box, model, action);
            check(box, model);
            await checkDerivation(box);
          }
        } finally {
          await box.close();
        }
      }),
      { numRuns: Number(process.env['FC_RUNS'] ?? 25) },
    );
  }, 120_000);

  it('refuses a domain that is there and one that is not', async () => {
    const box = await startZones();
    await box.domains.add(person, domain('example.com'));
    await expect(box.domains.add(person, domain('example.com'))).rejects.toThrow(AppError);
    await expect(box.domains.remove(person, name('example.org'))).rejects.toThrow(AppError);
    expect(box.origins()).toEqual(['box.example.net', 'example.com']);
    await box.close();
  });

  it('gives a zone that comes back its keys', async () => {
    const box = await startZones();
    await box.domains.add(person, domain('sub.example.com'));
    const [before] = box.zones.keys(name('sub.example.com'));
    await box.domains.add(person, domain('example.com'));
    expect(() => box.zones.keys(name('sub.example.com'))).toThrow(AppError);
    await box.domains.remove(person, name('example.com'));
    expect(box.zones.keys(name('sub.example.com'))[0]?.keyTag).toBe(before!.keyTag);
    await box.close();
  });
});
