import { createSocket, type Socket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { seededRandom, randomInteger, type Random } from '../../src/core/random.ts';
import { decodeMessage } from '../../src/dns/message/message.ts';
import { ask, queryBytes } from '../kit/ask.ts';
import { startBox } from '../kit/box.ts';

const total = 1_000_000;
/** Packets sent before the sender waits for the server: fewer than a socket buffer holds, so that none is lost unseen. */
const burst = 100;
const warmUp = 200_000;

const types = [
  'A',
  'AAAA',
  'MX',
  'TXT',
  'NS',
  'SOA',
  'DNSKEY',
  'DS',
  'ANY',
  'NSEC',
  'RRSIG',
  'TYPE65280',
  'AXFR',
];
const names = [
  'example.com',
  'www.example.com',
  'nothing.example.com',
  'a.b.c.example.com',
  'example.org',
  '.',
  '_dmarc.example.com',
];

/** A valid query with a few octets flipped, cut, repeated or filled with chance. */
function mutate(query: Uint8Array, random: Random): Uint8Array {
  const bytes = Uint8Array.from(query);
  const flips = 1 + randomInteger(random, 4);
  for (let i = 0; i < flips; i++) bytes[randomInteger(random, bytes.length)] = randomInteger(random, 256);
  switch (randomInteger(random, 6)) {
    case 0:
      return bytes.subarray(0, randomInteger(random, bytes.length));
    case 1:
      return Buffer.concat([bytes, random.bytes(randomInteger(random, 64))]);
    case 2:
      return Buffer.concat([bytes, bytes.subarray(12)]);
    default:
      return bytes;
  }
}

/** Kibibytes that the process holds. */
function residentSet(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]);
}

/** Sends and resolves when the kernel took the packet. */
function send(socket: Socket, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => socket.send(bytes, (error) => (error ? reject(error) : resolve())));
}

it(
  `survives ${total} mutated packets: no crash, no leak, every reply well formed`,
  { timeout: 600_000 },
  async () => {
    const box = await startBox();
    const random = seededRandom(20261122);
    const added = await box.api('POST', '/domains', { name: 'example.com' });
    expect(added.status).toBe(201);
    const queries = names.flatMap((name) => types.map((type) => queryBytes(name, type)));
    const socket = createSocket('udp4');
    const sentinel = queryBytes('sentinel.example.com', 'A');
    let replies = 0;
    let keptUp = (): void => undefined;
    const malformed: string[] = [];
    socket.on('message', (bytes) => {
      replies++;
      if (bytes.includes('sentinel')) keptUp();
      try {
        decodeMessage(bytes);
        if ((bytes[2]! & 0x80) === 0) throw new Error('not a response');
      } catch (error) {
        malformed.push(`${String(error)}: ${bytes.toString('hex')}`);
      }
    });
    await new Promise<void>((resolve) => socket.connect(box.dns.port, box.dns.address, resolve));

    /** A good query behind the bad ones: its answer says that the server has read them all, and still serves. */
    const served = async (): Promise<void> => {
      for (let tries = 0; tries < 120; tries++) {
        await send(socket, sentinel);
        const answered = await new Promise<boolean>((resolve) => {
          const timer = setTimeout(() => resolve(false), 500);
          keptUp = () => {
            clearTimeout(timer);
            resolve(true);
          };
        });
        if (answered) return;
      }
      throw new Error('the server stopped answering');
    };

    let before = 0;
    for (let sent = 0; sent < total; sent += burst) {
      const packets = Array.from({ length: burst }, () =>
        send(socket, mutate(queries[randomInteger(random, queries.length)]!, random)),
      );
      await Promise.all(packets);
      await served();
      if (sent === warmUp) before = residentSet(box.child.pid!);
    }
    const after = residentSet(box.child.pid!);
    console.log(
      `${total} packets, ${replies} replies, RSS ${before} → ${after} KiB (${((after / before - 1) * 100).toFixed(1)} %)`,
    );

    expect(malformed.slice(0, 5)).toEqual([]);
    expect(replies).toBeGreaterThan(total / 2);
    expect(after / before).toBeLessThan(1.1);
    expect(box.output()).not.toMatch(/worker.*(crash|died|replaced)/i);
    expect((await ask(box.dns, 'example.com', 'MX'))!.answers.length).toBeGreaterThan(0);
    socket.close();
    expect(await box.stop()).toBe(0);
  },
);
