import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { domain, name, person, startZones, type ZonesBox } from '../../../test/kit/zones-box.ts';
import { systemClock } from '../../core/clock.ts';
import { createLog } from '../../core/log.ts';
import { systemRandom } from '../../core/random.ts';
import { encodeMessage, type MessageRecord, newMessage } from '../../dns/message/message.ts';
import { rdataFromText, typeCode } from '../../dns/rdata/registry.ts';
import { Class, Opcode, Rcode, rcodeName } from '../../dns/wire/codes.ts';
import { auditRows, createAudit } from '../../work/audit.ts';
import { secondaryRows, type UpdateGrant } from '../secondaries/store.ts';
import { isGranted } from './grants.ts';
import { createUpdates } from './service.ts';

/* Each case quotes what RFC 2136 says of it. */

let box: ZonesBox;
beforeAll(async () => {
  box = await startZones();
  await box.domains.add(person, domain('example.com'));
  await box.domains.add(person, domain('example.org'));
  const key = {
    algorithm: 'hmac-sha256',
    sealedSecret: new Uint8Array(1),
    transfer: [],
    createdAt: '',
  } as const;
  const all = { owners: undefined, types: undefined };
  await box.work.change({ actor: person, cause: 'test' }, (change) => {
    const rows = change.rows(secondaryRows);
    rows.insertKey({ ...key, name: name('all.key'), update: [{ zone: name('example.com'), ...all }] });
    const acme = { zone: name('example.com'), owners: [name('_acme-challenge.example.com')], types: [16] };
    rows.insertKey({ ...key, name: name('acme.key'), update: [acme] });
  });
});
afterAll(() => box.close());

/** `NAME [TTL] CLASS TYPE [RDATA]`, below example.com unless it ends with a dot. */
function record(text: string): MessageRecord {
  const [, owner, ttl, rrClass, type, value] = /^(\S+) (\d+) (IN|ANY|NONE) (\S+) ?(.*)$/.exec(text)!;
  const code = type === 'ANY' ? 255 : typeCode(type!)!;
  const rdata = value === '' ? new Uint8Array(0) : rdataFromText(code, value!);
  return {
    ...{ owner: name(owner!.endsWith('.') ? owner! : `${owner}.example.com`), type: code },
    ...{ class: Class[rrClass as 'IN'], ttl: Number(ttl), rdata },
  };
}

interface Sent {
  zone?: string;
  type?: number;
  when?: string[];
  then?: string[];
  key?: string;
}

/** The RCODE of what answers the update. */
async function send({
  zone = 'example.com',
  type = 6,
  when = [],
  then = [],
  key = 'all.key',
}: Sent): Promise<string> {
  const { store, publisher, sources, clock } = box;
  const log = createLog({ level: 'silent' });
  const updates = createUpdates({ store, publisher, sources, clock, random: systemRandom, log });
  const message = encodeMessage(
    newMessage({
      id: 1,
      opcode: Opcode.UPDATE,
      questions: [{ name: name(zone), type, class: 1 }],
      answers: when.map(record),
      authorities: then.map(record),
    }),
  );
  return rcodeName(await updates.update({ what: 'update', message, key, client: '192.0.2.9' }));
}

/** The values of an RRset that is served. */
const served = (owner: string, type: string): string[] =>
  (box.publisher.view(name('example.com'))!.node(name(`${owner}.example.com`))?.rrsets ?? [])
    .filter((rrset) => rrset.type === typeCode(type))
    .flatMap(({ rdatas }) => rdatas.map((rdata) => Buffer.from(rdata).toString('latin1').slice(1)))
    // What the box adds to names that have addresses.
    .filter((value) => !value.startsWith('v=spf1'));

describe('§3.1: the zone section', () => {
  test('"ZTYPE must be SOA … else signal FORMERR"', async () => {
    expect(await send({ type: 1 })).toBe('FORMERR');
  });
  test('"if the server is not authoritative for the zone: NOTAUTH"', async () => {
    expect(await send({ zone: 'www.example.com' })).toBe('NOTAUTH');
    expect(await send({ zone: 'example.net' })).toBe('NOTAUTH');
  });
});

describe('§3.2.5: prerequisites', () => {
  beforeAll(() =>
    send({ then: ['there 60 IN TXT "a"', 'there 60 IN TXT "b"', 'deep.er 60 IN A 192.0.2.1'] }),
  );

  test.each([
    ['name is in use', 'there 0 ANY ANY', 'NOERROR'],
    ['name is in use, and is not', 'nowhere 0 ANY ANY', 'NXDOMAIN'],
    ['an empty non-terminal is not in use', 'er 0 ANY ANY', 'NXDOMAIN'],
    ['name is not in use', 'nowhere 0 NONE ANY', 'NOERROR'],
    ['name is not in use, and is', 'there 0 NONE ANY', 'YXDOMAIN'],
    ['RRset exists (value independent)', 'there 0 ANY TXT', 'NOERROR'],
    ['RRset exists, and does not', 'there 0 ANY A', 'NXRRSET'],
    ['RRset does not exist', 'there 0 NONE A', 'NOERROR'],
    ['RRset does not exist, and does', 'there 0 NONE TXT', 'YXRRSET'],
    ['RRset exists (value dependent), of fewer records', 'there 0 IN TXT "a"', 'NXRRSET'],
    ['what the box derives counts', 'www 0 ANY A', 'NOERROR'],
    ['"if TTL is not 0: FORMERR"', 'there 1 ANY TXT', 'FORMERR'],
    ['"if not in the zone: NOTZONE"', 'example.org. 0 ANY TXT', 'NOTZONE'],
    ['"CLASS is ANY: RDLENGTH must be 0, else FORMERR"', 'there 0 ANY TXT "a"', 'FORMERR'],
    ['"CLASS is NONE: RDLENGTH must be 0, else FORMERR"', 'there 0 NONE TXT "a"', 'FORMERR'],
  ])('%s: %s is %s', async (_what, prerequisite, rcode) => {
    expect(await send({ when: [prerequisite] })).toBe(rcode);
  });

  test('RRset exists (value dependent), in any order (§2.4.2)', async () => {
    expect(await send({ when: ['there 0 IN TXT "b"', 'there 0 IN TXT "a"'] })).toBe('NOERROR');
    const more = ['there 0 IN TXT "a"', 'there 0 IN TXT "b"', 'there 0 IN TXT "c"'];
    expect(await send({ when: more })).toBe('NXRRSET');
  });

  test('one that fails leaves everything as it is', async () => {
    expect(await send({ when: ['there 0 NONE TXT'], then: ['unwanted 60 IN A 192.0.2.1'] })).toBe('YXRRSET');
    expect(served('unwanted', 'A')).toEqual([]);
  });
});

describe('§3.4: the update section', () => {
  test.each([
    ['"if not in the zone: NOTZONE"', 'example.org. 60 IN TXT "a"', 'NOTZONE'],
    ['a metatype: FORMERR', 'a 60 IN AXFR', 'FORMERR'],
    ['class ANY with a TTL: FORMERR', 'a 60 ANY TXT', 'FORMERR'],
    ['class ANY with rdata: FORMERR', 'a 0 ANY TXT "a"', 'FORMERR'],
    ['class NONE with a TTL: FORMERR', 'a 60 NONE TXT "a"', 'FORMERR'],
    ['class NONE of type ANY: FORMERR', 'a 0 NONE ANY', 'FORMERR'],
    ['what the box makes for every zone: REFUSED', 'example.com. 60 IN DNSKEY 256 3 13 AAAA', 'REFUSED'],
    ['what may not stand in the zone: REFUSED', 'example.com. 60 IN CNAME example.org.', 'REFUSED'],
    ['what the box derives cannot be deleted: REFUSED', 'www 0 ANY A', 'REFUSED'],
    ['what is not there is deleted in silence (§3.4.2.4)', 'nowhere 0 NONE A 192.0.2.1', 'NOERROR'],
    ['SOA and NS at the apex stay (§3.4.2.3)', 'example.com. 0 ANY NS', 'NOERROR'],
  ])('%s (%s)', async (_what, update, rcode) => {
    expect(await send({ then: [update] })).toBe(rcode);
  });

  test('is atomic: one record that is wrong undoes all', async () => {
    const then = ['half 60 IN A 192.0.2.1', 'example.com. 60 IN CNAME example.org.'];
    expect(await send({ then })).toBe('REFUSED');
    expect(served('half', 'A')).toEqual([]);
  });

  test('adds, deletes a record, an RRset, a name', async () => {
    const txts = ['edit 60 IN TXT "a"', 'edit 60 IN TXT "b"', 'edit 60 IN TXT "c"', 'edit 60 IN A 192.0.2.7'];
    expect(await send({ then: txts })).toBe('NOERROR');
    expect(served('edit', 'TXT')).toEqual(['a', 'b', 'c']);
    await send({ then: ['edit 0 NONE TXT "b"'] });
    expect(served('edit', 'TXT')).toEqual(['a', 'c']);
    await send({ then: ['edit 0 ANY TXT'] });
    expect(served('edit', 'TXT')).toEqual([]);
    expect(served('edit', 'A')).toHaveLength(1);
    await send({ then: ['edit 0 ANY ANY'] });
    expect(served('edit', 'A')).toEqual([]);
  });

  test('in order: what is deleted first can be added after', async () => {
    await send({ then: ['host 60 IN A 192.0.2.1', 'example.com. 60 IN SRV 0 0 5000 host.example.com.'] });
    // Something leads to it: it may not be without an address in the end, but may in between.
    expect(await send({ then: ['host 0 ANY A', 'host 60 IN A 192.0.2.2'] })).toBe('NOERROR');
    expect(served('host', 'A')).toHaveLength(1);
  });

  test('§3.4.2.2: a CNAME beside other records is ignored, and what would stand beside one', async () => {
    await send({ then: ['both 60 IN TXT "a"'] });
    expect(await send({ then: ['both 60 IN CNAME other.example.com.'] })).toBe('NOERROR');
    expect(served('both', 'CNAME')).toEqual([]);
    await send({ then: ['alias 60 IN CNAME one.example.net.'] });
    expect(await send({ then: ['alias 60 IN TXT "a"'] })).toBe('NOERROR');
    expect(served('alias', 'TXT')).toEqual([]);
    // "replaced": a name has one CNAME.
    expect(await send({ then: ['alias 60 IN CNAME two.example.net.'] })).toBe('NOERROR');
    expect(served('alias', 'CNAME')).toHaveLength(1);
  });

  test('what the box derives stays beside what is added: clients delete an RRset before they write it', async () => {
    expect(await send({ then: ['www 0 ANY TXT', 'www 60 IN TXT "a"'] })).toBe('NOERROR');
    expect(served('www', 'TXT')).toEqual(['a']);
  });

  test('is in the audit log, and a version of the zone', async () => {
    await send({ then: ['logged 60 IN TXT "a"'] });
    const { items } = createAudit(box.work.committed.rows(auditRows)).list(
      { limit: 1, cursor: undefined },
      {},
    );
    expect(items).toMatchObject([{ action: 'record.update', target: 'example.com' }]);
    const [version] = box.zones.versions(name('example.com'), { limit: 1, cursor: undefined }).items;
    expect(version).toMatchObject({ cause: 'update by TSIG key all.key', actor: 'TSIG key all.key' });
  });
});

describe('§3.3: what a key may', () => {
  test('another zone, another name, another type: REFUSED', async () => {
    const key = 'acme.key';
    expect(await send({ key, then: ['_acme-challenge 60 IN TXT "a"'] })).toBe('NOERROR');
    expect(await send({ key, then: ['_acme-challenge 60 IN A 192.0.2.1'] })).toBe('REFUSED');
    expect(await send({ key, then: ['other 60 IN TXT "a"'] })).toBe('REFUSED');
    expect(await send({ key, then: ['_acme-challenge 0 ANY ANY'] })).toBe('REFUSED');
    expect(await send({ key, zone: 'example.org' })).toBe('REFUSED');
    expect(await send({ key: 'no.key' })).toBe('REFUSED');
  });

  test('a pattern: * is one label or more', () => {
    const grant = (pattern: string): UpdateGrant[] => [
      { zone: name('example.com'), owners: [name(pattern)], types: undefined },
    ];
    const label = fc.stringMatching(/^[a-z0-9]{1,8}$/);
    fc.assert(
      fc.property(fc.array(label, { maxLength: 4 }), (labels) => {
        const owner = name([...labels, 'dyn.example.com'].join('.'));
        expect(isGranted(grant('*.dyn.example.com'), name('example.com'), owner, 1)).toBe(labels.length > 0);
        expect(isGranted(grant('dyn.example.com'), name('Example.com'), owner, 1)).toBe(labels.length === 0);
        expect(isGranted(grant('*.other.example.com'), name('example.com'), owner, 1)).toBe(false);
      }),
    );
  });
});

test('octets that are no message: FORMERR', async () => {
  const { store, publisher, sources, clock } = box;
  const log = createLog({ level: 'silent' });
  const updates = createUpdates({ store, publisher, sources, clock, random: systemRandom, log });
  const question = { what: 'update', message: new Uint8Array(11), key: 'all.key', client: '' } as const;
  expect(await updates.update(question)).toBe(Rcode.FORMERR);
});

test('thirty times the records of one name take far less than nine hundred times as long', async () => {
  const time = async (count: number): Promise<number> => {
    const values = Array.from({ length: count }, (_, i) => `"${i}"`);
    const began = systemClock.monotonic();
    expect(await send({ then: values.map((value) => `many 60 IN TXT ${value}`) })).toBe('NOERROR');
    const gone = values.map((value) => `many 0 NONE TXT ${value}`);
    expect(await send({ when: values.map((value) => `many 0 IN TXT ${value}`), then: gone })).toBe('NOERROR');
    return systemClock.monotonic() - began;
  };
  const few = Math.min(await time(90), await time(90), await time(90));
  expect((await time(2700)) / few).toBeLessThan(200);
});
