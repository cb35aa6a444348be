import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  record,
  reply,
  type ScriptedPrimary,
  scriptedPrimary,
  type Sends,
} from '../../../test/kit/scripted-primary.ts';
import { FakeClock } from '../../core/clock.ts';
import { createLog } from '../../core/log.ts';
import { systemRandom } from '../../core/random.ts';
import type { MessageRecord } from '../../dns/message/message.ts';
import { Type } from '../../dns/type-codes.ts';
import { Rcode } from '../../dns/wire/codes.ts';
import { Name } from '../../dns/wire/name.ts';
import { imageView } from '../../dns/zone/image-view.ts';
import { createServedZones, type ServedZones } from '../../dns/zone/served-zones.ts';
import type { Change, UnitOfWork } from '../../work/unit-of-work.ts';
import { type Follower, followZone } from './follower.ts';
import type { SecondaryZone } from './store.ts';

/* How a zone is followed, round by round, at primaries that do what they are told: RFC 1995, RFC 1996 and RFC 5936 for secondaries. */

const name = Name.parse('example.org');
const soa = (serial: number): MessageRecord =>
  record('example.org', 'SOA', `ns1.example.org. h.example.org. ${serial} 3600 600 604800 60`);
const ns = record('example.org', 'NS', 'ns1.example.org.');
const host = (n: number): MessageRecord => record('host.example.org', 'A', `192.0.2.${n}`);
const version = (serial: number, ...more: MessageRecord[]): MessageRecord[] => [
  soa(serial),
  ns,
  ...more,
  soa(serial),
];

/** Every request is answered with these records, whatever it asks for. */
const sending =
  (...records: MessageRecord[]): Sends =>
  (request, write) =>
    write(reply(request, records));
/** The whole zone to AXFR, this to IXFR. */
const sendingIxfr =
  (records: MessageRecord[], whole: MessageRecord[], rcode: number = Rcode.NOERROR): Sends =>
  (request, write) =>
    request.questions[0]!.type === Type.IXFR
      ? write(reply(request, records, { rcode }))
      : write(reply(request, whole));

let clock: FakeClock;
let zones: ServedZones;
let primaries: ScriptedPrimary[];
let primary: ScriptedPrimary;
let follower: Follower;
let row: SecondaryZone;
let content: Uint8Array | undefined;
/** Serials of versions as they were told to others. */
let told: (number | undefined)[];
/** Whether anything can be stored. */
let full: boolean;
/** Rounds that began. */
let rounds: number;

const served = (): string[] | undefined => {
  const image = zones.get(name);
  if (!image) return undefined;
  const host = [...imageView(image).nodes()].find(({ owner }) => owner.toText() === 'host.example.org');
  return host?.rrsets.flatMap(({ rdatas }) => rdatas.map((rdata) => `host ${rdata[3]}`)) ?? [];
};
const servedSerial = (): number | undefined => {
  const image = zones.get(name);
  const apex = image && imageView(image).node(name);
  const rdata = apex?.rrsets.find(({ type }) => type === Type.SOA)?.rdatas[0];
  return rdata && Buffer.from(rdata).readUInt32BE(rdata.length - 20);
};

const work = {
  async change(_why: unknown, make: (change: Change) => unknown) {
    if (full) throw new Error('the disk is full');
    const after: (() => void)[] = [];
    const rows = {
      zone: () => row,
      putZone: (zone: SecondaryZone) => void (row = zone),
      putContent: (_name: Name, octets: Uint8Array) => void (content = octets),
    };
    await make({
      ...{ rows: () => rows, event: () => undefined, afterCommit: (run: () => void) => after.push(run) },
    } as unknown as Change);
    for (const run of after) run();
  },
} as unknown as UnitOfWork;

async function follow(sends: Sends, addresses = ['127.0.0.1']): Promise<void> {
  for (const address of addresses) primaries.push(await scriptedPrimary(sends, address));
  [primary] = primaries as [ScriptedPrimary];
  row = {
    ...{ name, version: undefined, createdAt: '2026-01-01T00:00:00Z' },
    primaries: primaries.map(({ port }, at) => ({ address: addresses[at]!, port })),
  };
  follower = followZone(name, {
    ...{ work, zones, clock, random: systemRandom, log: createLog({ level: 'silent' }) },
    reads: {
      zone: () => row,
      zones: () => [row],
      content: () => content,
      primaryAddresses: () => addresses,
      signedWith: () => undefined,
    },
    key: () => {
      throw new Error('none');
    },
    turn: (run) => {
      rounds++;
      return run();
    },
    onServed: () => void told.push(servedSerial()),
  });
  await clock.advance(0);
  await settled();
}
const settled = () => expect.poll(() => follower.state.checking, { interval: 2 }).toBe(false);
/** After the shortest time between two rounds. */
async function notified(serial?: number, from = '127.0.0.1'): Promise<void> {
  await clock.advance(1000);
  follower.notified(from, serial);
  await settled();
}
const asked = (): number[] => primary.asked.map(({ questions }) => questions[0]!.type);

beforeEach(() => {
  clock = new FakeClock();
  zones = createServedZones();
  zones.announce(name);
  primaries = [];
  told = [];
  full = false;
  rounds = 0;
  content = undefined;
});
afterEach(async () => {
  await follower.stop();
  for (const each of primaries) each.close();
});

describe('a version', () => {
  test('RFC 1995 §2, §3: the first is asked for by AXFR, later ones by IXFR with the SOA that is here', async () => {
    await follow(sending(...version(1)));
    await notified();
    expect(asked()).toEqual([Type.AXFR, Type.IXFR]);
    const { answers, authorities, additionals } = primary.asked[1]!;
    expect([answers, additionals]).toEqual([[], []]);
    expect(authorities).toMatchObject([{ type: Type.SOA, class: 1, rdata: row.version!.soa }]);
    expect(authorities[0]!.owner.equals(name)).toBe(true);
  });

  test.each([
    ['RFC 5936 §6: that ends before its end', [soa(2), ns, host(2)]],
    ['RFC 1995 §4: whose differences end before their end', [soa(2), soa(1), host(1), soa(2), host(2)]],
    ['RFC 5936 §6: that is no zone', [soa(2), host(2), soa(2)]],
    ['RFC 5936 §6: that ends with another SOA', [soa(2), ns, host(2), soa(3)]],
  ])('%s is not taken, and the one before is served on', async (_what, records) => {
    await follow(sending(...version(1, host(1))));
    primary.sends = (request, write, socket) => {
      write(reply(request, records));
      socket.end();
    };
    await notified(2);
    expect([servedSerial(), served(), follower.state.failures]).toEqual([1, ['host 1'], 1]);
    expect(told).toEqual([1]);
    // RFC 5936 §2.3: and it is not asked for again and again.
    const { length } = primary.asked;
    await clock.advance(500_000);
    expect(primary.asked).toHaveLength(length);
    primary.sends = sending(...version(2, host(2)));
    await clock.advance(follower.state.refreshAt! - clock.now());
    await settled();
    expect([servedSerial(), served(), follower.state.failures]).toEqual([2, ['host 2'], 0]);
  });

  test('RFC 1995 §2: that cannot be stored is not served', async () => {
    await follow(sending(...version(1, host(1))));
    full = true;
    primary.sends = sending(...version(2, host(2)));
    await notified(2);
    expect([servedSerial(), served()]).toEqual([1, ['host 1']]);
    expect(told).toEqual([1]);
  });

  test('RFC 1995 §4: comes by differences, one after the other', async () => {
    await follow(sending(...version(1, host(1), host(9))));
    const steps = [soa(1), host(1), soa(2), host(2), soa(2), host(2), soa(3), host(3)];
    primary.sends = sendingIxfr([soa(3), ...steps, soa(3)], []);
    await notified(3);
    expect(served()!.sort()).toEqual(['host 3', 'host 9']);
    expect([servedSerial(), asked()]).toEqual([3, [Type.AXFR, Type.IXFR]]);
  });

  test.each([
    ['does not know IXFR: NOTIMP', [], Rcode.NOTIMP],
    ['does not know IXFR: FORMERR', [], Rcode.FORMERR],
    [
      'sends differences of another version',
      [soa(2), soa(1), host(7), soa(2), host(8), soa(2)],
      Rcode.NOERROR,
    ],
  ])('RFC 1995 §2, §4: is asked for by AXFR where the primary %s', async (_what, records, rcode) => {
    await follow(sending(...version(1, host(1))));
    primary.sends = sendingIxfr(records, version(2, host(2)), rcode);
    await notified(2);
    expect(asked()).toEqual([Type.AXFR, Type.IXFR, Type.AXFR]);
    expect([servedSerial(), served()]).toEqual([2, ['host 2']]);
  });
});

describe('NOTIFY', () => {
  test.each([
    ['RFC 1996 §3.7: of the serial that is here is no reason to ask', 5, 0],
    ['RFC 1996 §3.7: of a later one is', 6, 1],
    ['RFC 1996 §3.8: of an earlier one is, as one without a serial', 4, 1],
    ['RFC 1996 §3.11: without a serial is', undefined, 1],
  ])('%s', async (_what, serial, more) => {
    await follow(sending(...version(5)));
    await notified(serial);
    expect(rounds).toBe(1 + more);
    // RFC 1996 §3.8: what it says is not what is here.
    expect(servedSerial()).toBe(5);
  });

  test('RFC 1996 §3.11: has the one who sent it asked first', async () => {
    await follow(sending(...version(1)), ['127.0.0.1', '127.0.0.2']);
    const [one, two] = primaries as [ScriptedPrimary, ScriptedPrimary];
    expect([one.asked.length, two.asked.length]).toEqual([1, 0]);
    two.sends = sending(...version(2));
    await notified(2, '127.0.0.2');
    expect([one.asked.length, two.asked.length, servedSerial()]).toEqual([1, 1, 2]);
  });

  test('RFC 1996 §4.4: while one is under way others wait, and have one more round together', async () => {
    await follow(sending(...version(1)));
    let release = (): void => undefined;
    primary.sends = (request, write) => void (release = () => write(reply(request, version(2))));
    await clock.advance(1000);
    for (let i = 0; i < 5; i++) follower.notified('127.0.0.1', 2 + i);
    await expect.poll(() => primary.asked.length).toBe(2);
    expect(rounds).toBe(2);
    primary.sends = sending(...version(6));
    release();
    await settled();
    await clock.advance(1000);
    await settled();
    expect([rounds, servedSerial()]).toEqual([3, 6]);
  });

  test('RFC 1996 §4.2: is sent on when the version is served here, and not before', async () => {
    await follow(sending(...version(1)));
    primary.sends = sending(...version(2));
    await notified(2);
    expect(told).toEqual([1, 2]);
  });
});
