import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyMessage } from '../../../test/kit/message-arbitraries.ts';
import { randomInteger, seededRandom, type Random } from '../../core/random.ts';
import { printRdata } from '../rdata/registry.ts';
import { FormErr } from './form-error.ts';
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

test('a message made of pointers is refused or read in no time', () => {
  // 5,000 questions, each name the longest chain that the 14 bits of a pointer and 127 jumps allow.
  const chain = [0];
  let previous = 12;
  for (let i = 0; i < 126; i++) {
    const start = 12 + chain.length;
    chain.push(1, 0x61, 0xc0 | (previous >> 8), previous & 0xff);
    previous = start;
  }
  const questions = 8000;
  const bytes = new Uint8Array(12 + 10 + chain.length + questions * 6);
  bytes.set([0, 1, 0, 0, (questions + 1) >> 8, (questions + 1) & 0xff]);
  // The chain stands in the first question's place: a name at its start, and the rest is read as further questions.
  bytes.set(chain, 12);
  const at = 12 + chain.length;
  for (let i = 0; i < questions; i++)
    bytes.set([0xc0 | (previous >> 8), previous & 0xff, 0, 1, 0, 1], at + i * 6);
  const before = process.cpuUsage();
  expect(() => decodeMessage(bytes)).toThrow(FormErr);
  const { user, system } = process.cpuUsage(before);
  expect(user + system).toBeLessThan(2_000_000);
});
