import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { domain, name, person, startZones, type ZonesBox } from '../../../test/kit/zones-box.ts';
import { atOnce } from '../../core/slices.ts';
import { printRdata, typeName } from '../../dns/rdata/registry.ts';
import { Type } from '../../dns/type-codes.ts';
import { isMachinery, zoneRecords } from '../publisher/node-records.ts';
import { domainRecords, type RecordView } from './records.ts';

const zone = name('example.com');
let zones: ZonesBox;
beforeEach(async () => {
  zones = await startZones({ hostname: 'box.example.com' });
  await zones.domains.add(person, domain('example.com'));
});
afterEach(() => zones.close());

async function pages(of: string, limit: number): Promise<RecordView[][]> {
  const found: RecordView[][] = [];
  let cursor: string | undefined;
  do {
    const page = await zones.domains.records(name(of), { limit, cursor });
    found.push(page.items);
    cursor = page.next;
  } while (cursor !== undefined);
  return found;
}

const line = ({ owner, type, value }: Pick<RecordView, 'owner' | 'type' | 'value'>): string =>
  `${owner.toText()} ${type} ${value}`;

/** What is served, in canonical order. */
function servedRecords(): string[] {
  return [...zoneRecords(zones.served('example.com')!)]
    .filter(({ type }) => !isMachinery(type) && type !== Type.SOA)
    .sort((a, b) => a.owner.compare(b.owner) || a.type - b.type || Buffer.compare(a.rdata, b.rdata))
    .map(({ owner, type, rdata }) => line({ owner, type: typeName(type), value: printRdata(type, rdata) }));
}

describe('the records of a domain', () => {
  beforeEach(async () => {
    await zones.domains.add(person, domain('shop.example.com'));
    await zones.domains.add(person, domain('deep.sub.example.com', { web: false }));
    await zones.records.add(person, zone, [
      ...Array.from({ length: 30 }, (_, i) => ({
        owner: 'many.example.com',
        type: 'TXT',
        value: `"record ${i}"`,
      })),
      { owner: 'a.empty.example.com', type: 'A', value: '203.0.113.1' },
      { owner: 'z.shop.example.com', type: 'A', value: '203.0.113.1' },
      { owner: 'ns.zz.example.com', type: 'A', value: '203.0.113.1' },
      { owner: 'zz.example.com', type: 'NS', value: 'ns.zz.example.com.' },
    ]);
  });

  it.each([1, 7, 100, 500])('come in canonical order in pages of %i, each once', async (limit) => {
    const found = await pages('example.com', limit);
    const own = servedRecords().filter(
      (text) => !/(shop|deep\.sub)\.example\.com /.test(text.split(' ')[0]! + ' '),
    );
    expect(
      found
        .flat()
        .map(line)
        .filter((text) => !text.includes(' SOA ')),
    ).toEqual(own);
    expect(found.slice(0, -1).every((page) => page.length === limit)).toBe(true);
  });

  it('are those of a domain below another one, too', async () => {
    const found = (await pages('shop.example.com', 3)).flat().map(line);
    expect(found).toEqual(servedRecords().filter((text) => /(^|\.)shop\.example\.com /.test(text)));
  });

  it('go on where a page ended, though its last owner is gone', async () => {
    const all = (await pages('example.com', 500)).flat();
    const first = all.findIndex(({ owner }) => owner.equals(name('many.example.com')));
    const limit = first + 10;
    const { items, next } = await zones.domains.records(zone, { limit, cursor: undefined });
    expect(items.at(-1)!.owner.toText()).toBe('many.example.com');
    await zones.records.remove(person, zone, { owner: 'many.example.com' });
    const rest = await zones.domains.records(zone, { limit: 500, cursor: next });
    expect(rest.items[0]!.owner.toText()).toBe(all[first + 30]!.owner.toText());
  });

  it('refuse cursors that they did not give', async () => {
    for (const cursor of ['100', 'x', Buffer.from('["example.com",-1]').toString('base64url')])
      await expect(zones.domains.records(zone, { limit: 10, cursor })).rejects.toMatchObject({
        code: 'invalid-request',
      });
  });
});

it('a page costs what is on it, however large the zone is', async () => {
  const asked = async (hosts: number): Promise<number> => {
    const records = Array.from({ length: hosts }, (_, i) => ({
      owner: `h${hosts}-${i}.example.com`,
      type: 'TXT',
      value: '"x"',
    }));
    await zones.records.add(person, zone, records);
    let count = 0;
    const counting = <T extends object>(target: T): T =>
      new Proxy(target, {
        get(of, key) {
          const value = Reflect.get(of, key) as unknown;
          if (typeof value !== 'function') return value;
          return (...args: unknown[]): unknown => {
            count++;
            return Reflect.apply(value, of, args) as unknown;
          };
        },
      });
    const sources = { ...zones.sources, dkimKeys: () => [] };
    const list = domainRecords(counting(zones.store.read), sources, (apex) =>
      counting(zones.publisher.view(apex)!),
    );
    const home = zones.store.read.domain(zone)!;
    const { next } = atOnce(list(home, { limit: 20, cursor: undefined }));
    count = 0;
    expect(atOnce(list(home, { limit: 20, cursor: next })).items).toHaveLength(20);
    return count;
  };
  const few = await asked(100);
  expect(Math.abs((await asked(2000)) - few)).toBeLessThan(few / 2);
});
