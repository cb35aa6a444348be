import { createSocket, type Socket } from 'node:dgram';
import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { buildImage, updateImage } from '../../../test/kit/images.ts';
import { ask, queryBytes } from '../../../test/kit/ask.ts';
import { draftFor, imageOf } from '../../../test/kit/test-zone.ts';
import { udpModules } from '../../../test/kit/udp-modules.ts';
import { systemClock } from '../../core/clock.ts';
import { createLog } from '../../core/log.ts';
import { Type } from '../type-codes.ts';
import { Rcode } from '../wire/codes.ts';
import { decodeMessage, type Message } from '../message/message.ts';
import { Name } from '../wire/name.ts';
import { firstDraft } from '../zone/image-update.ts';
import { imageView } from '../zone/image-view.ts';
import { ImageState, imageState } from '../zone/image.ts';
import { encodeNode } from '../zone/node-codec.ts';
import type { NodeChange } from '../zone/node.ts';
import { createServedZones, type ServedZones } from '../zone/served-zones.ts';
import { Ede } from './codes.ts';
import { type DataPlane, startDataPlane } from './data-plane.ts';

const log = createLog({ level: 'silent' });
const origin = Name.parse('example.com.');
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function serve(zones: ServedZones, onWanted?: (origin: Name) => void, udp?: URL): Promise<DataPlane> {
  const started = await startDataPlane({
    addresses: [{ address: '127.0.0.1', port: 0 }],
    workers: 2,
    clock: systemClock,
    log,
    zones,
    udp,
    ...(onWanted && { onWanted }),
  });
  if (!started.ok) throw new Error(started.problem.message);
  ends.push(() => started.plane.close());
  return started.plane;
}

/** Every record of a version says which one it is. Those of odd ones are longer, so that nothing stays in its place. */
function version(serial: number, hosts: number): string {
  const mark = `"${serial} ${'x'.repeat((serial % 2) * 97)}"`;
  return `$ORIGIN example.com.
@ 60 SOA ns1 hostmaster ${serial} 7200 3600 1209600 600
@ 60 NS ns1
ns1 60 A 192.0.2.${serial}
alias 60 CNAME mid
mid 60 CNAME target
target 60 TXT ${mark}
${Array.from({ length: hosts }, (_, i) => `host-${i} 60 TXT "${'h'.repeat(100)}"\n`).join('')}`;
}

/** What makes the version with these marks of one with others. */
function changesOf(serial: number): NodeChange[] {
  return [...imageView(imageOf(version(serial, 0))).nodes()].map((node) => ({
    kind: 'name',
    owner: node.owner,
    node,
  }));
}

/** The versions that a response holds records of. */
function versionsIn({ answers, authorities }: Message): Set<number> {
  return new Set(
    [...answers, ...authorities].flatMap(({ type, rdata }) => {
      if (type === Type.SOA) return new DataView(rdata.buffer, rdata.byteOffset).getUint32(rdata.length - 20);
      if (type === Type.TXT) return Number.parseInt(Buffer.from(rdata.subarray(1)).toString(), 10);
      return [];
    }),
  );
}

/** Asks the two questions again and again until it is told to stop; a socket for each client, so that both workers are asked. */
function startClients(plane: DataPlane, clients: number) {
  const { address, port } = plane.addresses[0]!;
  const questions = [
    queryBytes('alias.example.com.', 'TXT'),
    queryBytes('nothing.target.example.com.', 'TXT'),
  ];
  const seen = { sent: 0, answers: 0, wrong: [] as string[], versions: new Set<number>() };
  let stopped = false;
  const sockets = Array.from({ length: clients }, (): Socket => {
    const socket = createSocket('udp4');
    const send = (): void => {
      if (stopped) return;
      seen.sent++;
      socket.send(questions[seen.answers % 2]!, port, address);
    };
    socket.on('message', (octets) => {
      const message = decodeMessage(octets);
      const versions = versionsIn(message);
      const whole =
        message.rcode === Rcode.NXDOMAIN
          ? message.authorities.length === 1
          : message.rcode === Rcode.NOERROR && message.answers.length === 3;
      if (versions.size !== 1 || !whole) seen.wrong.push(JSON.stringify([message.rcode, [...versions]]));
      for (const each of versions) seen.versions.add(each);
      seen.answers++;
      send();
    });
    // Two at a time: a worker is never without one.
    send();
    send();
    ends.push(() => socket.close());
    return socket;
  });
  const stop = async (): Promise<void> => {
    stopped = true;
    // Each is answered: none is lost for a change.
    await expect.poll(() => seen.answers, { timeout: 5000 }).toBe(seen.sent);
    for (const socket of sockets) socket.removeAllListeners('message');
  };
  return { seen, stop };
}

// RFC 1035 §6.1.1, §6.1.2.
describe.each(udpModules)('while workers answer $name', ({ udp }) => {
  test.each([
    ['small', 0],
    ['large', 1000],
  ])(
    'RFC 2136 §3.7: a %s zone changes thousands of times, and every answer is of one version',
    async (_size, hosts) => {
      const zones = createServedZones({ spoils: true });
      zones.commit({ set: [draftFor(zones, imageOf(version(1, hosts)))] });
      const changes = [changesOf(1), changesOf(2)];
      const plane = await serve(zones, undefined, udp);
      const { seen, stop } = startClients(plane, 16);
      let flips = 0;
      const end = systemClock.monotonic() + 20_000;
      while ((flips < 4000 || seen.answers < 2000) && systemClock.monotonic() < end) {
        for (let i = 0; i < 10; i++) {
          const draft = updateImage(zones.get(origin)!, changes[flips++ % 2]!);
          zones.commit({ set: [draft] });
        }
        await setImmediate();
      }
      await stop();
      expect(seen.wrong).toEqual([]);
      expect(seen.versions).toEqual(new Set([1, 2]));
      expect(seen.answers).toBeGreaterThan(1000);
      expect(flips).toBeGreaterThan(1000);
      // What was replaced was given back: else there would be hundreds of megabytes.
      await expect.poll(() => zones.memory.figures().used).toBeLessThan(2 * 1024 * 1024);
      expect(plane.counters().map(({ udp }) => udp.failures)).toEqual([0, 0]);
      expect(Math.min(...plane.counters().map(({ udp }) => udp.queries))).toBeGreaterThan(0);
    },
    60_000,
  );

  test('zones come and go by the thousand, in more slabs and larger tables', async () => {
    const zones = createServedZones({ spoils: true, largestSlab: 4 * 1024 * 1024 });
    zones.commit({ set: [draftFor(zones, imageOf(version(1, 0)))] });
    const plane = await serve(zones, undefined, udp);
    const { seen, stop } = startClients(plane, 4);
    const at = plane.addresses[0]!;
    const names = Array.from({ length: 4000 }, (_, i) => Name.parse(`z${i}.example.`));
    for (const [i, name] of names.entries()) {
      zones.commit({ set: [large(zones, name, 3000)] });
      // What was just committed is what the next question gets, whatever slab it is in.
      if (i % 400 === 399)
        expect((await ask(at, name.toString(), 'SOA'))?.answers[0]?.owner.equals(name)).toBe(true);
    }
    const most = zones.memory.figures();
    expect(most.slabs).toBeGreaterThan(4);
    for (const name of names) zones.commit({ remove: [name] });
    expect((await ask(at, 'z3999.example.', 'SOA'))?.rcode).toBe(Rcode.REFUSED);
    await expect.poll(() => zones.memory.figures().octets, { timeout: 5000 }).toBeLessThan(most.octets / 2);
    // The pages of slabs that went are used again.
    for (const name of names.slice(0, 3000)) zones.commit({ set: [large(zones, name, 3500)] });
    expect((await ask(at, 'z2999.example.', 'SOA'))?.rcode).toBe(Rcode.NOERROR);
    await stop();
    expect(seen.wrong).toEqual([]);
    expect(seen.answers).toBeGreaterThan(100);
    expect(plane.counters().map(({ udp }) => udp.failures)).toEqual([0, 0]);
  }, 60_000);
});

test('a zone that is not loaded: SERVFAIL with the reason, and the control plane is told once', async () => {
  const zones = createServedZones();
  zones.announce(origin);
  const wanted: string[] = [];
  const plane = await serve(zones, (name) => wanted.push(name.toText()));
  const at = plane.addresses[0]!;
  for (let i = 0; i < 10; i++) {
    const { rcode, edns } = (await ask(at, 'www.example.com.', 'A'))!;
    expect(rcode).toBe(Rcode.SERVFAIL);
    expect(edns!.options.map(({ data }) => data[1])).toEqual([Ede.notReady]);
  }
  expect(wanted).toEqual(['example.com']);
  expect(imageState(zones.get(origin)!)).toBe(ImageState.notLoaded);
  zones.commit({ set: [draftFor(zones, imageOf(version(3, 0)))] });
  expect((await ask(at, 'ns1.example.com.', 'A'))?.rcode).toBe(Rcode.NOERROR);
});

/** A zone whose only node has so many octets. */
function large(zones: ServedZones, name: Name, octets: number) {
  const set = (type: number, size: number) => ({
    owner: name,
    type,
    ttl: 60,
    rdatas: [new Uint8Array(size)],
    signatures: [],
  });
  const node = encodeNode({ owner: name, rrsets: [set(Type.SOA, 22), set(Type.TXT, octets)] }, 'name', name);
  return firstDraft(buildImage(zones.memory, name, [{ kind: 'name', key: name.sortKey, node }]));
}
