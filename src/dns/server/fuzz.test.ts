import { beforeAll, expect, test } from 'vitest';
import { randomInteger, seededRandom, type Random } from '../../core/random.ts';
import { decodeMessage } from '../message/message.ts';
import { SERVER_ZONE } from '../../../test/kit/server-zone.ts';
import { questionOf, respond, testZones } from '../../../test/kit/dns-case.ts';
import type { ZoneSet } from './zone-set.ts';

const ROUNDS = 20_000;
const labels = [
  'example',
  'com',
  'www',
  'web',
  '*',
  'q',
  'wild',
  'dn',
  'long',
  'secure',
  'ent',
  'b',
  'nope',
  'walias',
];
const types = ['A', 'TXT', 'DS', 'ANY', 'RRSIG', 'NS', 'CNAME', 'TYPE0', 'OPT', 'AXFR', 'NSEC3'];

let sets: ZoneSet[];
beforeAll(async () => {
  const made = await Promise.all(
    (['nsec', 'nsec3', 'unsigned'] as const).map((denial) => testZones([SERVER_ZONE], denial)),
  );
  sets = made.map(({ zones }) => zones);
});

function pick<T>(random: Random, list: readonly T[]): T {
  return list[randomInteger(random, list.length)]!;
}

/** A query, now and then a sound one, else with octets flipped, cut, added or overwritten with 0xff or a pointer. */
function mutated(random: Random): Uint8Array {
  const depth = randomInteger(random, 5);
  const name = Array.from({ length: depth }, () => pick(random, labels)).join('.');
  const query = questionOf({
    qname: `${name && `${name}.`}${random.float() < 0.9 ? 'example.com.' : ''}` || '.',
    qtype: pick(random, types),
    do: random.float() < 0.5,
    ...(random.float() < 0.5 && { udpSize: randomInteger(random, 5000) }),
  });
  const changes = randomInteger(random, 4);
  for (let i = 0; i < changes; i++) {
    const at = randomInteger(random, query.length);
    query[at] = pick(random, [
      query[at]! ^ (1 << randomInteger(random, 8)),
      0xff,
      0xc0,
      0,
      randomInteger(random, 256),
    ]);
  }
  if (random.float() < 0.1) return query.subarray(0, randomInteger(random, query.length));
  if (random.float() < 0.1) return Uint8Array.from([...query, ...random.bytes(randomInteger(random, 20))]);
  return query;
}

// RFC 1035 §4.1.1: the id comes back, QR is set.
test('every message gets a well-formed reply that fits, or none', () => {
  const random = seededRandom(20260101);
  let replies = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const query = mutated(random);
    const transport = random.float() < 0.2 ? 'tcp' : 'udp';
    const response = respond(pick(random, sets), query, { transport });
    const isQuery = query.length >= 12 && (query[2]! & 0x80) === 0;
    expect(response !== undefined, Buffer.from(query).toString('hex')).toBe(isQuery);
    if (!response) continue;
    replies++;
    const message = decodeMessage(response);
    expect(message.id).toBe((query[0]! << 8) | query[1]!);
    expect(message.flags).toMatchObject({ qr: true, ra: false, ad: false });
    if (transport === 'udp') expect(response.length).toBeLessThanOrEqual(message.edns ? 1232 : 512);
    if (message.questions.length > 0)
      expect(response.subarray(12, 14)).toEqual(new Uint8Array(query.subarray(12, 14)));
  }
  expect(replies).toBeGreaterThan(ROUNDS / 2);
});
