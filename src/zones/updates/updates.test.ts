import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startUpdatesBox, type UpdatesBox } from '../../../test/kit/updates-box.ts';
import { name } from '../../../test/kit/zones-box.ts';
import { systemClock } from '../../core/clock.ts';
import { auditRows, createAudit } from '../../work/audit.ts';
import type { UpdateGrant } from '../secondaries/store.ts';
import { isGranted } from './grants.ts';

/* Each case quotes what RFC 2136 says of it. */

let updates: UpdatesBox;
beforeAll(async () => {
  updates = await startUpdatesBox();
  const acme = { zone: name('example.com'), owners: [name('_acme-challenge.example.com')], types: [16] };
  await updates.addKey('acme.key', [acme]);
  await updates.addKey('transfer.key', []);
});
afterAll(() => updates.box.close());

const send: UpdatesBox['send'] = (update) => updates.send(update);
const served: UpdatesBox['served'] = (owner, type) => updates.served(owner, type);

describe('RFC 2136 §3.1.1: the zone section', () => {
  test('"ZTYPE must be SOA … else signal FORMERR"', async () => {
    expect(await send({ zoneType: 1 })).toBe('FORMERR');
  });
  test('"if the server is not authoritative for the zone: NOTAUTH"', async () => {
    expect(await send({ zone: 'www.example.com' })).toBe('NOTAUTH');
    expect(await send({ zone: 'example.net' })).toBe('NOTAUTH');
  });
});

describe('RFC 2136 §3.2: prerequisites', () => {
  beforeAll(() =>
    send({ then: ['there 60 IN TXT "a"', 'there 60 IN TXT "b"', 'deep.er 60 IN A 192.0.2.1'] }),
  );

  test.each([
    ['RFC 2136 §2.4.4: name is in use', 'there 0 ANY ANY', 'NOERROR'],
    ['RFC 2136 §3.2.1: name is in use, and is not', 'nowhere 0 ANY ANY', 'NXDOMAIN'],
    ['RFC 2136 §2.4.4: an empty non-terminal is not in use', 'er 0 ANY ANY', 'NXDOMAIN'],
    ['RFC 2136 §2.4.5: name is not in use', 'nowhere 0 NONE ANY', 'NOERROR'],
    ['RFC 2136 §3.2.2: name is not in use, and is', 'there 0 NONE ANY', 'YXDOMAIN'],
    ['RFC 2136 §2.4.1: RRset exists (value independent)', 'there 0 ANY TXT', 'NOERROR'],
    ['RFC 2136 §3.2.1: RRset exists, and does not', 'there 0 ANY A', 'NXRRSET'],
    ['RFC 2136 §2.4.3: RRset does not exist', 'there 0 NONE A', 'NOERROR'],
    ['RFC 2136 §3.2.2: RRset does not exist, and does', 'there 0 NONE TXT', 'YXRRSET'],
    ['RFC 2136 §3.2.3: RRset exists (value dependent), of fewer records', 'there 0 IN TXT "a"', 'NXRRSET'],
    ['what the box derives counts', 'www 0 ANY A', 'NOERROR'],
    ['RFC 2136 §3.2.1: "TTL … zero (0), else signal FORMERR"', 'there 1 ANY TXT', 'FORMERR'],
    ['RFC 2136 §3.2: "not within the zone … signal NOTZONE"', 'example.org. 0 ANY TXT', 'NOTZONE'],
    [
      'RFC 2136 §3.2.1: class ANY, "RDLENGTH … zero (0), else signal FORMERR"',
      'there 0 ANY TXT "a"',
      'FORMERR',
    ],
    [
      'RFC 2136 §3.2.2: class NONE, "RDLENGTH … zero (0), else signal FORMERR"',
      'there 0 NONE TXT "a"',
      'FORMERR',
    ],
  ])('%s: %s is %s', async (_what, prerequisite, rcode) => {
    expect(await send({ when: [prerequisite] })).toBe(rcode);
  });

  test('RFC 2136 §2.4.2: RRset exists (value dependent), in any order', async () => {
    expect(await send({ when: ['there 0 IN TXT "b"', 'there 0 IN TXT "a"'] })).toBe('NOERROR');
    const more = ['there 0 IN TXT "a"', 'there 0 IN TXT "b"', 'there 0 IN TXT "c"'];
    expect(await send({ when: more })).toBe('NXRRSET');
  });

  test('RFC 2136 §3.2: one that fails leaves everything as it is', async () => {
    expect(await send({ when: ['there 0 NONE TXT'], then: ['unwanted 60 IN A 192.0.2.1'] })).toBe('YXRRSET');
    expect(served('unwanted', 'A')).toEqual([]);
  });
});

describe('RFC 2136 §3.4: the update section', () => {
  test.each([
    ['RFC 2136 §3.4.1: "in the zone …, else signal NOTZONE"', 'example.org. 60 IN TXT "a"', 'NOTZONE'],
    ['RFC 2136 §3.4.1.2: a metatype', 'a 60 IN AXFR', 'FORMERR'],
    ['RFC 2136 §3.4.1.2: class ANY with a TTL', 'a 60 ANY TXT', 'FORMERR'],
    ['RFC 2136 §3.4.1.2: class ANY with rdata', 'a 0 ANY TXT "a"', 'FORMERR'],
    ['RFC 2136 §3.4.1.2: class NONE with a TTL', 'a 60 NONE TXT "a"', 'FORMERR'],
    ['RFC 2136 §3.4.1.2: class NONE of type ANY', 'a 0 NONE ANY', 'FORMERR'],
    [
      'RFC 2136 §3.3.1: what the box makes for every zone',
      'example.com. 60 IN DNSKEY 256 3 13 AAAA',
      'REFUSED',
    ],
    ['RFC 2136 §3.3.1: what may not stand in the zone', 'example.com. 60 IN CNAME example.org.', 'REFUSED'],
    ['RFC 2136 §3.3.1: what the box derives cannot be deleted', 'www 0 ANY A', 'REFUSED'],
    ['RFC 2136 §3.4.2.4: what is not there is deleted in silence', 'nowhere 0 NONE A 192.0.2.1', 'NOERROR'],
    ['RFC 2136 §3.4.2.3: SOA and NS at the apex stay', 'example.com. 0 ANY NS', 'NOERROR'],
  ])('%s (%s)', async (_what, update, rcode) => {
    expect(await send({ then: [update] })).toBe(rcode);
  });

  test('RFC 2136 §3.3.2: is atomic, one record that is wrong undoes all', async () => {
    const then = ['half 60 IN A 192.0.2.1', 'example.com. 60 IN CNAME example.org.'];
    expect(await send({ then })).toBe('REFUSED');
    expect(served('half', 'A')).toEqual([]);
  });

  test('RFC 2136 §2.5: adds, deletes a record (§3.4.2.4), an RRset and a name (§3.4.2.3)', async () => {
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

  test('RFC 2136 §3.4.2: in order, what is deleted first can be added after', async () => {
    await send({ then: ['host 60 IN A 192.0.2.1', 'example.com. 60 IN SRV 0 0 5000 host.example.com.'] });
    // Something leads to it: it may not be without an address in the end, but may in between.
    expect(await send({ then: ['host 0 ANY A', 'host 60 IN A 192.0.2.2'] })).toBe('NOERROR');
    expect(served('host', 'A')).toHaveLength(1);
  });

  test('RFC 2136 §3.4.2.2: a CNAME beside other records is ignored, and what would stand beside one', async () => {
    await send({ then: ['both 60 IN TXT "a"'] });
    expect(await send({ then: ['both 60 IN CNAME other.example.com.'] })).toBe('NOERROR');
    expect(served('both', 'CNAME')).toEqual([]);
    await send({ then: ['alias 60 IN CNAME one.example.net.'] });
    expect(await send({ then: ['alias 60 IN TXT "a"'] })).toBe('NOERROR');
    expect(served('alias', 'TXT')).toEqual([]);
    // "replaced": a name has one CNAME (RFC 2136 §1.1.5).
    expect(await send({ then: ['alias 60 IN CNAME two.example.net.'] })).toBe('NOERROR');
    expect(served('alias', 'CNAME')).toHaveLength(1);
  });

  test('what the box derives stays beside what is added: clients delete an RRset before they write it', async () => {
    expect(await send({ then: ['www 0 ANY TXT', 'www 60 IN TXT "a"'] })).toBe('NOERROR');
    expect(served('www', 'TXT')).toEqual(['a']);
  });

  test('is in the audit log, and a version of the zone', async () => {
    await send({ then: ['logged 60 IN TXT "a"'] });
    const { items } = createAudit(updates.box.work.committed.rows(auditRows)).list(
      { limit: 1, cursor: undefined },
      {},
    );
    expect(items).toMatchObject([{ action: 'record.update', target: 'example.com' }]);
    const [version] = updates.box.zones.versions(name('example.com'), { limit: 1, cursor: undefined }).items;
    expect(version).toMatchObject({ cause: 'update by TSIG key all.key', actor: 'TSIG key all.key' });
  });
});

describe('RFC 2136 §3.3.1, RFC 3007 §3: what a key may', () => {
  test('another zone, another name, another type: REFUSED (RFC 3007 §2, per name and per type: RFC 3007 §3.1)', async () => {
    const key = 'acme.key';
    expect(await send({ key, then: ['_acme-challenge 60 IN TXT "a"'] })).toBe('NOERROR');
    expect(await send({ key, then: ['_acme-challenge 60 IN A 192.0.2.1'] })).toBe('REFUSED');
    expect(await send({ key, then: ['other 60 IN TXT "a"'] })).toBe('REFUSED');
    expect(await send({ key, then: ['_acme-challenge 0 ANY ANY'] })).toBe('REFUSED');
    expect(await send({ key, zone: 'example.org' })).toBe('REFUSED');
    expect(await send({ key: 'no.key' })).toBe('REFUSED');
  });

  test('RFC 3007 §3: a key that nothing was opened to may nothing', async () => {
    expect(await send({ key: 'transfer.key' })).toBe('REFUSED');
    expect(await send({ key: 'transfer.key', then: ['mine 60 IN TXT "a"'] })).toBe('REFUSED');
  });

  test.each([
    'nxt 60 IN NXT example.com. A NXT',
    'nxt 60 IN NSEC example.com. A NSEC',
    'nxt 60 IN NSEC3 1 0 0 - 0P9MHAVEQVM6T7VBL5LOP2U3T2RP3TOM A',
    'example.com. 0 ANY NSEC',
    'example.com. 0 NONE NXT example.com. A',
  ])('RFC 3007 §3.1.1: what denies names is not made, changed or deleted (%s)', async (update) => {
    expect(await send({ then: [update] })).toBe('REFUSED');
  });

  test('RFC 3007 §3.1: of a pattern, * is one label or more', () => {
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

test('RFC 2136 §2.2: octets that are no message are answered with FORMERR', async () => {
  expect(await updates.sendOctets(new Uint8Array(11))).toBe('FORMERR');
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
