import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeUpdate, startUpdatesBox, type UpdatesBox } from '../../../test/kit/updates-box.ts';
import { name, openZones } from '../../../test/kit/zones-box.ts';
import { type Random, systemRandom } from '../../core/random.ts';
import { decodeMessage, encodeMessage } from '../../dns/message/message.ts';
import { fromWire } from '../../dns/rdata/registry.ts';
import { soa } from '../../dns/rdata/soa.ts';
import { Type } from '../../dns/type-codes.ts';
import { isLaterSerial } from '../../dns/wire/serial.ts';

/* The rules of dynamic update that need a zone in a certain state; updates.test.ts has those that need none. */

let updates: UpdatesBox;
/** Records that can be added until the system fails. */
let sound = Infinity;
const random: Random = {
  ...systemRandom,
  bytes(count) {
    if (sound-- === 0) throw new Error('the system failed');
    return systemRandom.bytes(count);
  },
};
beforeAll(async () => {
  updates = await startUpdatesBox(random);
  const then = [
    'there 60 IN TXT "a"',
    '*.wild 60 IN A 192.0.2.1',
    'alias 60 IN CNAME elsewhere.example.net.',
    'points 60 IN PTR Host.Example.NET.',
    'cut 60 IN NS ns.example.net.',
  ];
  expect(await updates.send({ then })).toBe('NOERROR');
});
afterAll(() => updates.box.close());

const send: UpdatesBox['send'] = (update) => updates.send(update);
const served: UpdatesBox['served'] = (owner, type) => updates.served(owner, type);
const rrset = (owner: string, type: number) => updates.node(owner)?.rrsets.find((one) => one.type === type);
const serial = (): number => fromWire(soa, rrset('example.com.', Type.SOA)!.rdatas[0]!).serial;

describe('what an update is answered', () => {
  test.each([
    ['RFC 2136 §1.1.1: a TTL is not compared', { when: ['there 0 IN TXT "a"'] }, 'NOERROR'],
    ['RFC 2136 §1.1.2: names are compared without regard to case', { when: ['THERE 0 ANY TXT'] }, 'NOERROR'],
    ['RFC 2136 §1.1.2: names in rdata, too', { when: ['points 0 IN PTR hOST.example.net.'] }, 'NOERROR'],
    ['RFC 2136 §1.1.3: a wildcard is no name that it stands for', { when: ['x.wild 0 ANY A'] }, 'NXRRSET'],
    ['RFC 2136 §1.1.3: a wildcard is the name of itself', { when: ['*.wild 0 ANY A'] }, 'NOERROR'],
    ['RFC 2136 §1.1.4: a CNAME is not followed', { when: ['alias 0 ANY A'] }, 'NXRRSET'],
    ['RFC 2136 §1.1.4: a CNAME is a record as others are', { when: ['alias 0 ANY CNAME'] }, 'NOERROR'],
    ['RFC 2136 §1.2: a name below a cut is in the zone', { then: ['ns.cut 60 IN A 192.0.2.1'] }, 'NOERROR'],
    ['RFC 2136 §2.3: the zone section has the type SOA', { zoneType: 1 }, 'FORMERR'],
    ['RFC 2136 §3.1.1: a class that is not the zone’s', { zoneClass: 3 }, 'NOTAUTH'],
    ['RFC 2136 §3.2.3: a prerequisite of another class', { when: ['there 0 CH TXT "a"'] }, 'FORMERR'],
    ['RFC 2136 §3.2.3: a prerequisite with rdata and a TTL', { when: ['there 60 IN TXT "a"'] }, 'FORMERR'],
    ['RFC 2136 §3.2.2: a prerequisite of class NONE with a TTL', { when: ['no 60 NONE TXT'] }, 'FORMERR'],
    ['RFC 2136 §3.4.1: an update of another class', { then: ['a 60 CH TXT "a"'] }, 'FORMERR'],
    ['RFC 2136 §3.4.1.2: type ANY cannot be added', { then: ['a 60 IN ANY'] }, 'FORMERR'],
    ['RFC 2136 §3.4.1.2: nor can MAILB', { then: ['a 60 IN TYPE253'] }, 'FORMERR'],
    ['RFC 2136 §3.4.1.2: nor can MAILA be deleted', { then: ['a 0 ANY TYPE254'] }, 'FORMERR'],
    ['RFC 2136 §3.4.1: NOTZONE', { then: ['example.org. 60 IN TXT "a"'] }, 'NOTZONE'],
    [
      'RFC 2136 §3: prerequisites come first',
      { when: ['no 0 ANY ANY'], then: ['a 60 CH TXT "a"'] },
      'NXDOMAIN',
    ],
  ])('%s', async (_title, update, rcode) => {
    expect(await send(update)).toBe(rcode);
  });

  test('RFC 2136 §3.1.1: FORMERR for two zones, or for none', async () => {
    const message = decodeMessage(encodeUpdate({}));
    const [question] = message.questions;
    for (const questions of [[], [question!, { ...question!, name: name('example.org') }]])
      expect(await updates.sendOctets(encodeMessage({ ...message, questions }))).toBe('FORMERR');
  });
});

describe('what an update does', () => {
  test('RFC 2136 §1.1.3: a wildcard in an update is only the wildcard', async () => {
    await send({ then: ['*.only 60 IN TXT "*"', 'x.only 60 IN TXT "x"'] });
    expect(await send({ then: ['*.only 0 ANY ANY'] })).toBe('NOERROR');
    expect(served('*.only', 'TXT')).toEqual([]);
    expect(served('x.only', 'TXT')).toEqual(['x']);
  });

  test('RFC 2136 §1.1.5: of WKS there is one for each address and protocol', async () => {
    await send({ then: ['wks 60 IN WKS 192.0.2.1 TCP 25', 'wks 60 IN WKS 192.0.2.1 UDP 53'] });
    expect(await send({ then: ['wks 60 IN WKS 192.0.2.1 TCP 80'] })).toBe('NOERROR');
    expect(rrset('wks', Type.WKS)!.rdatas).toHaveLength(2);
  });

  test('RFC 2136 §2.5.1, §3.4.2.2: a duplicate is no second record, and has the new TTL', async () => {
    await send({ then: ['twice 60 IN PTR one.example.net.'] });
    expect(await send({ then: ['twice 90 IN PTR ONE.example.net.'] })).toBe('NOERROR');
    expect(rrset('twice', Type.PTR)).toMatchObject({ ttl: 90, rdatas: [expect.anything()] });
  });

  test('RFC 2136 §2.5.2, §2.5.3, §2.5.4: what is not there is deleted in silence', async () => {
    const before = serial();
    const then = ['no 0 ANY TXT', 'no 0 ANY ANY', 'no 0 NONE TXT "a"', 'there 0 NONE TXT "other"'];
    expect(await send({ then })).toBe('NOERROR');
    expect(serial()).toBe(before);
  });

  test('RFC 2136 §2.6: additional data is ignored', async () => {
    const beside = ['glue 60 IN A 192.0.2.1', 'ns.example.org. 60 IN A 192.0.2.1'];
    expect(await send({ then: ['beside 60 IN TXT "a"'], beside })).toBe('NOERROR');
    expect(served('beside', 'TXT')).toEqual(['a']);
    expect(updates.node('glue')).toBeUndefined();
  });

  test('RFC 2136 §3.4.2: the updates are made in their order', async () => {
    await send({ then: ['order 60 IN TXT "a"', 'order 0 ANY TXT', 'order 60 IN TXT "b"'] });
    expect(served('order', 'TXT')).toEqual(['b']);
    await send({ then: ['order 60 IN TXT "c"', 'order 0 ANY ANY'] });
    expect(served('order', 'TXT')).toEqual([]);
  });

  test('RFC 2136 §3.4.2.1: a failure of the system undoes all, and is SERVFAIL', async () => {
    sound = 1;
    const then = ['there 0 ANY TXT', 'fails 60 IN TXT "a"', 'fails 60 IN TXT "b"'];
    expect(await send({ then })).toBe('SERVFAIL');
    sound = Infinity;
    expect([served('fails', 'TXT'), served('there', 'TXT')]).toEqual([[], ['a']]);
  });

  test('RFC 2136 §3.4.2.2: an SOA that is no later than ours, or at another name, is ignored', async () => {
    const fields = 'ns.example.net. hostmaster.example.net.';
    const before = serial();
    for (const [owner, number] of [
      ['example.com.', before],
      ['example.com.', before - 1],
      ['there', before + 9],
    ] as const)
      expect(await send({ then: [`${owner} 60 IN SOA ${fields} ${number} 1 1 1 1`] })).toBe('NOERROR');
    expect(serial()).toBe(before);
    expect(rrset('there', Type.SOA)).toBeUndefined();
    // What is later would change what the box makes: a matter of permission (§3.3.1).
    const later = `example.com. 60 IN SOA ${fields} ${before + 1} 1 1 1 1`;
    expect(await send({ then: [later] })).toBe('REFUSED');
  });

  test('RFC 2136 §3.4.2.3, §3.4.2.4: SOA and the NS records at the apex stay', async () => {
    const before = serial();
    const ns = rrset('example.com.', Type.NS)!.rdatas;
    await send({ then: ['example.com. 60 IN TXT "apex"'] });
    const deletions = ['example.com. 0 ANY NS', 'example.com. 0 ANY SOA', 'example.com. 0 ANY ANY'];
    expect(await send({ then: deletions })).toBe('NOERROR');
    expect(served('example.com.', 'TXT')).not.toContain('apex');
    expect(await send({ then: ['example.com. 0 NONE NS box.example.net.'] })).toBe('NOERROR');
    expect(rrset('example.com.', Type.NS)!.rdatas).toEqual(ns);
    expect(isLaterSerial(serial(), before)).toBe(true);
  });

  test('RFC 2136 §3.5: what was answered is in the file', async () => {
    await send({ then: ['kept 60 IN TXT "a"'] });
    const again = openZones({ data: updates.box.data });
    try {
      const node = again.publisher.view(name('example.com'))?.node(name('kept.example.com'));
      expect(node?.rrsets.map(({ type }) => type)).toContain(Type.TXT);
    } finally {
      await again.close();
    }
  });

  test('RFC 2136 §3.4.2.5, §3.6: the serial grows with each update that changes the zone (RFC 3007 §1.1: the serial)', async () => {
    for (const value of ['a', 'b']) {
      const before = serial();
      expect(await send({ then: [`serial 60 IN TXT "${value}"`] })).toBe('NOERROR');
      expect(isLaterSerial(serial(), before)).toBe(true);
    }
  });

  test('RFC 2136 §3.7: of two updates at once, the second begins with what the first left', async () => {
    const claim = (who: string) => send({ when: ['claim 0 NONE ANY'], then: [`claim 60 IN TXT "${who}"`] });
    expect((await Promise.all([claim('a'), claim('b')])).sort()).toEqual(['NOERROR', 'YXDOMAIN']);
    expect(served('claim', 'TXT')).toHaveLength(1);
  });
});

describe('what is signed and chained', () => {
  test('RFC 3007 §4.3: the RRset that was changed is signed by the zone', async () => {
    await send({ then: ['signed 60 IN TXT "a"', 'signed 60 IN TXT "b"'] });
    await send({ then: ['signed 0 NONE TXT "b"'] });
    expect(rrset('signed', Type.TXT)).toMatchObject({
      rdatas: [expect.anything()],
      signatures: [expect.anything()],
    });
  });

  test('RFC 3007 §4.4: a new SOA and new NSEC records are made, and signed', async () => {
    const before = rrset('example.com.', Type.SOA)!;
    await send({ then: ['chained 60 IN TXT "a"'] });
    const after = rrset('example.com.', Type.SOA)!;
    expect(after.rdatas).not.toEqual(before.rdatas);
    expect(after.signatures).not.toEqual(before.signatures);
    expect(rrset('chained', Type.NSEC)?.signatures).toHaveLength(1);
  });
});
