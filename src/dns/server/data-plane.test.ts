import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ask, queryBytes } from '../../../test/kit/ask.ts';
import { udpModules } from '../../../test/kit/udp-modules.ts';
import { draftFor, imageOf, servedZones } from '../../../test/kit/test-zone.ts';
import { FakeClock, sleep, systemClock } from '../../core/clock.ts';
import { createLog } from '../../core/log.ts';
import { Rcode } from '../wire/codes.ts';
import { decodeMessage, type Message } from '../message/message.ts';
import { Name } from '../wire/name.ts';
import type { ZoneImage } from '../zone/image.ts';
import type { ServedZones } from '../zone/served-zones.ts';
import { ZONE_FIELDS, ZoneField } from './counters.ts';
import { messagesOf } from './latency.ts';
import { type DataPlane, startDataPlane } from './data-plane.ts';
import type { SocketAddress } from './transport.ts';

function zone(serial: number, origin = 'example.com.') {
  return imageOf(`$ORIGIN ${origin}
@ 3600 SOA ns1 hostmaster ${serial} 7200 3600 1209600 600
@ NS ns1
ns1 A 192.0.2.1
`);
}

function serialOf(message: Message | undefined): number {
  const rdata = message!.answers[0]!.rdata;
  return new DataView(rdata.buffer, rdata.byteOffset).getUint32(rdata.length - 20);
}

/** Asks over TCP for a SOA. */
async function askTcp({ address, port }: SocketAddress, name = 'example.com.'): Promise<Message> {
  const query = queryBytes(name, 'SOA');
  const socket = connect(port, address);
  socket.write(Buffer.concat([Buffer.from([0, query.length]), query]));
  let input = Buffer.alloc(0);
  for await (const chunk of socket) {
    input = Buffer.concat([input, chunk as Buffer]);
    if (input.length > 2 && input.length >= 2 + input.readUInt16BE()) break;
  }
  socket.destroy();
  return decodeMessage(input.subarray(2));
}

const log = createLog({ level: 'silent' });
const opened: DataPlane[] = [];
let serviceOf = udpModules[0]!;

/** Zones whose freed memory is spoiled, so that an answer from it could not be right. */
function serving(images: readonly ZoneImage[]): ServedZones {
  return servedZones(images, { spoils: true });
}

async function open(options: Partial<Parameters<typeof startDataPlane>[0]> = {}): Promise<DataPlane> {
  const started = await startDataPlane({
    addresses: [{ address: '127.0.0.1', port: 0 }],
    workers: 2,
    clock: systemClock,
    log,
    zones: serving([zone(1)]),
    udp: serviceOf.udp,
    ...options,
  });
  if (!started.ok) throw new Error(started.problem.message);
  opened.push(started.plane);
  return started.plane;
}

const stuckWorker = new URL('../../../test/kit/stuck-worker.ts', import.meta.url);

/** From now on workers do not get ready; resolves when one is stuck. */
async function stickWorkers(): Promise<void> {
  const name = `stuck ${process.pid} ${++channels}`;
  const channel = new BroadcastChannel(name);
  process.env['STUCK_WORKERS'] = name;
  await new Promise((resolve) => (channel.onmessage = resolve));
  channel.close();
}
let channels = 0;

/** Lets the moments pass that a replacement waits, until `event`. */
async function whileReplaced(clock: FakeClock, event: Promise<void>): Promise<void> {
  const passes = (): Promise<boolean> =>
    Promise.race([event.then(() => false), sleep(systemClock, 50).then(() => true)]);
  while (await passes()) await clock.advance(100);
}

/** Whether there is an answer, after the moment that a replacement waits. */
async function answersAfter(clock: FakeClock, at: SocketAddress): Promise<boolean> {
  await clock.advance(100);
  return (await ask(at, 'example.com.', 'SOA', 300))?.rcode === Rcode.NOERROR;
}

afterEach(async () => {
  delete process.env['STUCK_WORKERS'];
  await Promise.all(opened.splice(0).map((plane) => plane.close()));
});

test('counts each zone in all its versions, whoever answers, and how long answers took', async () => {
  const zones = serving([zone(1), zone(1, 'other.example.')]);
  const plane = await open({ zones });
  const asked = (name: string) => {
    const counted = plane.zoneCounts();
    const { threads, end } = counted;
    const number = Array.from({ length: end }, (_, each) => each).find(
      (each) => counted.nameOf(each) === name,
    )!;
    const sum = (field: number) =>
      threads.reduce((total, counts) => total + counts[ZONE_FIELDS * number + field]!, 0);
    return [sum(ZoneField.queries), sum(ZoneField.nameErrors)];
  };
  const at = plane.addresses[0]!;
  for (let serial = 2; serial < 6; serial++) {
    await ask(at, 'example.com.', 'SOA');
    await ask(at, 'missing.example.com.', 'A');
    zones.commit({ set: [draftFor(zones, zone(serial))] });
    await plane.apply();
  }
  await askTcp(at, 'other.example.');
  plane.ask(queryBytes('example.com.', 'SOA'), '192.0.2.7');
  expect(asked('example.com')).toEqual([9, 4]);
  expect(asked('other.example')).toEqual([1, 0]);
  const timed = (transport: 'udp' | 'tcp') =>
    plane.counters().reduce((sum, seat) => sum + messagesOf(seat[transport].latency), 0);
  // They are counted when the kernel has the responses: the client may be quicker.
  await expect.poll(() => [timed('udp'), timed('tcp')], { timeout: 60_000 }).toEqual([8, 1]);
  expect(messagesOf(plane.ownCounters().https.latency)).toBe(1);
});

test('answers in its own thread what comes over HTTPS, from what is served, and counts', async () => {
  const zones = serving([zone(1)]);
  const plane = await open({ zones });
  const askHere = () => decodeMessage(plane.ask(queryBytes('example.com.', 'SOA'), '192.0.2.7')!);
  expect(serialOf(askHere())).toBe(1);
  for (let serial = 2; serial < 50; serial++) {
    const changed = [zone(serial), zone(serial, `n${serial}.example.`)];
    zones.commit({ set: changed.map((image) => draftFor(zones, image)) });
    await plane.apply();
    expect(serialOf(askHere())).toBe(serial);
  }
  // Its rcode: transfers are for transports that know of them.
  expect(plane.ask(queryBytes('example.com.', 'AXFR'), '192.0.2.7')![3]! & 15).toBe(Rcode.REFUSED);
  expect(plane.ask(Uint8Array.of(1, 2, 3), '192.0.2.7')).toBeUndefined();
  expect(plane.ownCounters()).toMatchObject({ https: { queries: 51, dropped: 1 }, tcp: { queries: 0 } });
});

describe.each(udpModules)('data plane with UDP $name', (service) => {
  beforeEach(() => void (serviceOf = service));

  test('answers over UDP and TCP on one port, and counts', async () => {
    const plane = await open();
    const at = plane.addresses[0]!;
    expect(serialOf(await ask(at, 'example.com.', 'SOA'))).toBe(1);
    expect(serialOf(await askTcp(at))).toBe(1);
    expect((await ask(at, 'example.org.', 'SOA'))!.rcode).toBe(Rcode.REFUSED);
    const counters = plane.counters();
    expect(counters).toHaveLength(2);
    const sum = (pick: (counter: (typeof counters)[number]) => number): number =>
      counters.reduce((total, counter) => total + pick(counter), 0);
    expect(sum(({ udp }) => udp.queries)).toBe(2);
    expect(sum(({ udp }) => udp.rcodes.get(Rcode.REFUSED) ?? 0)).toBe(1);
    expect(sum(({ tcp }) => tcp.qtypes.get(6) ?? 0)).toBe(1);
  });

  test('serves a change from every worker once apply resolves', async () => {
    const zones = serving([zone(1)]);
    const plane = await open({ zones });
    const at = plane.addresses[0]!;
    for (let serial = 2; serial < 6; serial++) {
      zones.commit({ set: [draftFor(zones, zone(serial))] });
      await plane.apply();
      // Every question comes from another port, so both workers are asked.
      const answers = await Promise.all(Array.from({ length: 12 }, () => ask(at, 'example.com.', 'SOA')));
      expect(new Set(answers.map(serialOf))).toEqual(new Set([serial]));
    }
    zones.commit({
      remove: [Name.parse('example.com.')],
      set: [draftFor(zones, zone(9, 'example.org.'))],
    });
    await plane.apply();
    expect((await ask(at, 'example.com.', 'SOA'))!.rcode).toBe(Rcode.REFUSED);
    expect(serialOf(await ask(at, 'example.org.', 'SOA'))).toBe(9);
  });

  test('says that the port is taken, whatever its holder allows', async () => {
    const holder = createSocket({ type: 'udp4', reusePort: true });
    await new Promise<void>((resolve) => holder.bind(0, '127.0.0.1', resolve));
    const { port } = holder.address();
    const started = await startDataPlane({
      addresses: [{ address: '127.0.0.1', port }],
      workers: 1,
      clock: systemClock,
      log,
    });
    holder.close();
    expect(started).toMatchObject({ ok: false, problem: { code: 'port-in-use', address: { port } } });
  });

  test('says that the machine lacks the address', async () => {
    const started = await startDataPlane({
      addresses: [{ address: '192.0.2.1', port: 0 }],
      workers: 1,
      clock: systemClock,
      log,
    });
    expect(started).toMatchObject({ ok: false, problem: { code: 'address-unavailable' } });
  });

  test('RFC 2181 §4.1: binds every address of the machine for a wildcard', async () => {
    const plane = await open({ addresses: [{ address: '0.0.0.0', port: 0 }], workers: 1 });
    expect(plane.addresses.map(({ address }) => address)).toContain('127.0.0.1');
    expect(plane.addresses.map(({ address }) => address)).not.toContain('0.0.0.0');
    expect(new Set(plane.addresses.map(({ port }) => port)).size).toBe(1);
    for (const at of plane.addresses) expect(serialOf(await ask(at, 'example.com.', 'SOA'))).toBe(1);
  });

  test('replaces a worker that crashed, with what was applied meanwhile, while the others serve', async () => {
    const zones = serving([zone(1)]);
    const plane = await open({ zones, udp: service.failing });
    const at = plane.addresses[0]!;
    // The question goes to the one worker that its client's port leads to, which ends.
    await ask(at, 'crash.example.', 'TXT', 300);
    zones.commit({ set: [draftFor(zones, zone(2))] });
    await plane.apply();
    const during = await ask(at, 'example.com.', 'SOA');
    expect(during === undefined || serialOf(during) === 2).toBe(true);
    await sleep(systemClock, 1000);
    const answers = await Promise.all(Array.from({ length: 16 }, () => ask(at, 'example.com.', 'SOA')));
    expect(new Set(answers.map(serialOf))).toEqual(new Set([2]));
    const counters = plane.counters();
    expect(counters.map(({ restarts }) => restarts).sort()).toEqual([0, 1]);
    expect(counters.map(({ running }) => running)).toEqual([true, true]);
  });

  test('replaces a worker that hangs, though nothing is applied', async () => {
    const clock = new FakeClock();
    const plane = await open({ clock, workers: 1, udp: service.failing });
    const at = plane.addresses[0]!;
    await ask(at, 'hang.example.', 'TXT', 100);
    expect(await ask(at, 'example.com.', 'SOA', 100)).toBeUndefined();
    // The heartbeat, and the time that it may take.
    await clock.advance(5000);
    await clock.advance(11_000);
    await expect.poll(() => answersAfter(clock, at), { timeout: 20_000 }).toBe(true);
  });

  test('keeps a worker that answered while this thread was too busy to read it', async () => {
    const clock = new FakeClock();
    const plane = await open({ clock, workers: 1 });
    await clock.advance(5000);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
    await clock.advance(10_000);
    await clock.advance(1000);
    await sleep(systemClock, 200);
    expect(plane.counters()).toMatchObject([{ running: true, restarts: 0 }]);
  });

  test('ends a worker that never gets ready, and starts another', async () => {
    const clock = new FakeClock();
    const plane = await open({ clock, workers: 1, udp: service.failing, program: stuckWorker });
    const at = plane.addresses[0]!;
    const stuck = stickWorkers();
    await ask(at, 'crash.example.', 'TXT', 100);
    await whileReplaced(clock, stuck);
    delete process.env['STUCK_WORKERS'];
    await clock.advance(31_000);
    await expect.poll(() => answersAfter(clock, at), { timeout: 20_000 }).toBe(true);
  });

  test('ends at once while a worker still starts', async () => {
    const clock = new FakeClock();
    const plane = await open({ clock, workers: 1, udp: service.failing, program: stuckWorker });
    const stuck = stickWorkers();
    await ask(plane.addresses[0]!, 'crash.example.', 'TXT', 100);
    await whileReplaced(clock, stuck);
    // The clock stands still: nothing is waited for.
    await plane.close();
  });

  describe('with a version that cannot be read', () => {
    const broken = imageOf('$ORIGIN broken.example.\n@ 3600 NS ns1\nns1 3600 A 192.0.2.1\n');
    const refusal = {
      zone: Name.parse('broken.example.'),
      reason: expect.stringContaining('SOA') as unknown,
    };

    test('RFC 1035 §6.1.2: starts, serves every other zone, and SERVFAIL for that one', async () => {
      const plane = await open({ zones: serving([broken, zone(1)]) });
      const at = plane.addresses[0]!;
      expect(serialOf(await ask(at, 'example.com.', 'SOA'))).toBe(1);
      const failed = (await ask(at, 'www.broken.example.', 'A'))!;
      expect(failed.rcode).toBe(Rcode.SERVFAIL);
      expect(plane.refused()).toEqual([refusal]);
    });

    test('goes on with the version before, says so, and is healed by the next', async () => {
      const zones = serving([zone(1), zone(1, 'broken.example.')]);
      const plane = await open({ zones });
      const at = plane.addresses[0]!;
      zones.commit({ set: [broken, zone(2)].map((image) => draftFor(zones, image)) });
      await plane.apply();
      expect(serialOf(await ask(at, 'example.com.', 'SOA'))).toBe(2);
      expect(serialOf(await ask(at, 'broken.example.', 'SOA'))).toBe(1);
      expect(plane.refused()).toEqual([refusal]);
      zones.commit({ set: [draftFor(zones, zone(3, 'broken.example.'))] });
      await plane.apply();
      expect(serialOf(await ask(at, 'broken.example.', 'SOA'))).toBe(3);
      expect(plane.refused()).toEqual([]);
    });
  });
});
