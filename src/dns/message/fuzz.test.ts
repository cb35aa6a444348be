import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyMessage } from '../../../test/kit/message-arbitraries.ts';
import { randomInteger, seededRandom, type Random } from '../../core/random.ts';
import { printRdata } from '../rdata/registry.ts';
import { FormErr } from '../wire/form-error.ts';
import { decodeMessage, encodeMessage, type Message } from './message.ts';

const MESSAGES = 1_000_000;
const SEED = 20_260_101;
/** Octets: short messages are read fast, and a mutation is likely to hit what matters. */
const MAX_SEED_LENGTH = 200;

/** Messages with one record or so of every type, compressed and not. */
function corpus(): Uint8Array[] {
  const encoded = fc.sample(anyMessage, { seed: SEED, numRuns: 4000 }).map((message, index) => {
    const questions = message.questions.slice(0, 1);
    const answers = message.answers.slice(0, 1);
    const authorities = message.authorities.slice(0, index % 2);
    const additionals = message.additionals.slice(-1);
    const short = { ...message, questions, answers, authorities, additionals };
    return encodeMessage(short, { compress: index % 4 > 0 });
  });
  return encoded.filter((bytes) => bytes.length <= MAX_SEED_LENGTH);
}

/** Changes one to four places: a bit, an octet, a pointer put in, the end cut off. */
function mutate(bytes: Uint8Array, random: Random): Uint8Array {
  let mutated = bytes.slice();
  for (let left = 1 + randomInteger(random, 4); left > 0; left--) {
    const at = randomInteger(random, mutated.length);
    const kind = randomInteger(random, 16);
    if (kind < 7) mutated[at]! ^= 1 << randomInteger(random, 8);
    else if (kind < 12) mutated[at] = randomInteger(random, 256);
    else if (kind < 15) {
      mutated[at] = 0xc0;
      if (at + 1 < mutated.length) mutated[at + 1] = randomInteger(random, Math.min(mutated.length, 256));
    } else if (mutated.length > 12)
      mutated = mutated.subarray(0, 12 + randomInteger(random, mutated.length - 12));
  }
  return mutated;
}

/** What decodes must encode, and decode to the same again. Returns a complaint. */
function checkStable(message: Message): string | undefined {
  const encoded = encodeMessage(message);
  const again = encodeMessage(decodeMessage(encoded));
  return Buffer.compare(encoded, again) === 0 ? undefined : 'encodes to something else the second time';
}

function tryMessage(bytes: Uint8Array): { decoded: boolean; complaint?: string } {
  let message: Message;
  try {
    message = decodeMessage(bytes);
  } catch (error) {
    if (error instanceof FormErr) return { decoded: false };
    return { decoded: false, complaint: `decoding throws ${String(error)}` };
  }
  try {
    const complaint = checkStable(message);
    for (const { type, rdata } of message.answers) printRdata(type, rdata);
    return { decoded: true, ...(complaint && { complaint }) };
  } catch (error) {
    return { decoded: true, complaint: `what was decoded throws ${String(error)}` };
  }
}

test(`${MESSAGES} mutated messages give a stable value or FormErr`, { timeout: 300_000 }, () => {
  const random = seededRandom(SEED);
  const seeds = corpus();
  expect(seeds.length).toBeGreaterThan(500);
  const complaints: string[] = [];
  let decoded = 0;
  for (let i = 0; i < MESSAGES && complaints.length < 5; i++) {
    const bytes = mutate(seeds[randomInteger(random, seeds.length)]!, random);
    const result = tryMessage(bytes);
    if (result.decoded) decoded++;
    if (result.complaint) complaints.push(`${Buffer.from(bytes).toString('hex')}: ${result.complaint}`);
  }
  expect(complaints).toEqual([]);
  // Both ways out must really be taken.
  expect(decoded).toBeGreaterThan(MESSAGES / 20);
  expect(decoded).toBeLessThan((MESSAGES * 19) / 20);
});

/**
 * As many NS records as a message holds, whose owners and targets are pointers to a name of 126 labels, each
 * with a pointer behind it.
 */
function pointerBomb(): { bytes: Uint8Array; records: number } {
  const chainAt = 12 + 11;
  const chain = [0];
  let last = chainAt;
  for (let i = 0; i < 126; i++) {
    const start = chainAt + chain.length;
    chain.push(1, 0x61, 0xc0 | (last >> 8), last & 0xff);
    last = start;
  }
  const pointer = [0xc0 | (last >> 8), last & 0xff];
  const records = Math.floor((0xffff - chainAt - chain.length) / 14);
  const carrier = [0, 0xff, 0, 0, 1, 0, 0, 0, 0, chain.length >> 8, chain.length & 0xff, ...chain];
  const counts = [0, 0, (records + 1) >> 8, (records + 1) & 0xff, 0, 0, 0, 0];
  const bytes = [0, 1, 0x80, 0, ...counts, ...carrier];
  for (let i = 0; i < records; i++) bytes.push(...pointer, 0, 2, 0, 1, 0, 0, 0, 0, 0, 2, ...pointer);
  return { bytes: Uint8Array.from(bytes), records };
}

test('a message full of pointers is read in no time', () => {
  const { bytes, records } = pointerBomb();
  expect(bytes.length).toBeGreaterThan(65_500);
  const before = process.cpuUsage();
  const message = decodeMessage(bytes);
  const { user, system } = process.cpuUsage(before);
  expect(message.answers.length).toBe(records + 1);
  expect(message.answers.at(-1)!.rdata.length).toBe(253);
  // Some milliseconds; the bound is for machines under load. Following each pointer again and again would take minutes.
  expect(user + system).toBeLessThan(1_000_000);
});
