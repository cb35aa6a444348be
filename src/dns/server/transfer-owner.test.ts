import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createImage } from '../../../test/kit/images.ts';
import { nodeChanges, testMemory } from '../../../test/kit/test-zone.ts';
import { decodeMessage, encodeMessage, newMessage } from '../message/message.ts';
import { soa } from '../rdata/soa.ts';
import { toWire } from '../rdata/registry.ts';
import type { ResourceRecord } from '../rr.ts';
import { Type } from '../type-codes.ts';
import { Name } from '../wire/name.ts';
import { openImage } from '../zone/image-reader.ts';
import { createTransferMessages } from './transfer-messages.ts';
import { recordsOf } from './transfer-zone.ts';

/** Labels that keys escape (0 and 1), that have upper case, and that begin alike. */
const label = fc.oneof(
  fc.constantFrom('a', 'aa', 'ab', 'b', 'B', '*', '_dmarc', 'x'.repeat(63)).map((text) => Buffer.from(text)),
  fc
    .uint8Array({ minLength: 1, maxLength: 3 })
    .map((octets) => Buffer.from(octets.map((octet) => octet % 4))),
  fc.uint8Array({ minLength: 1, maxLength: 63 }).map((octets) => Buffer.from(octets)),
);
const origins = ['example.com.', 'Example.', '.', '\\000.\\001\\000.example.'].map((text) =>
  Name.parse(text),
);

function below(labels: readonly Buffer[], origin: Name): Name | undefined {
  const wire = Buffer.concat([
    ...labels.flatMap((octets) => [Buffer.of(octets.length), octets]),
    origin.wire,
  ]);
  return wire.length > 255 ? undefined : Name.fromWire(wire);
}

const record = (owner: Name, value: string): ResourceRecord => ({
  owner,
  type: Type.TXT,
  ttl: 300,
  rdata: Buffer.from(`\u0001${value}`),
});

function soaOf(origin: Name): ResourceRecord {
  const host = Name.parse('ns1.elsewhere.invalid.');
  const times = { serial: 1, refresh: 7200, retry: 3600, expire: 1209600, minimum: 600 };
  return {
    ...record(origin, ''),
    type: Type.SOA,
    rdata: toWire(soa, { mname: host, rname: host, ...times }),
  };
}

const shown = ({ owner, type, rdata }: ResourceRecord): string =>
  `${owner.toText()} ${type} ${Buffer.from(rdata).toString('hex')}`;

/** The messages of a transfer. */
function messagesOf(origin: Name, records: readonly ResourceRecord[]): Buffer[] {
  const { image } = createImage(testMemory, origin, nodeChanges(origin, records));
  const head = encodeMessage(newMessage({ id: 1, questions: [{ name: origin, type: Type.AXFR, class: 1 }] }));
  const request = { head, opt: undefined, session: undefined };
  const messages = createTransferMessages(recordsOf(openImage(image)), request);
  const out = Buffer.alloc(65_535);
  const made: Buffer[] = [];
  while (!messages.done()) made.push(Buffer.from(out.subarray(0, messages.next(out, 0))));
  return made;
}

/** What they have, without the SOA at the end. */
const recordsIn = (messages: readonly Buffer[]): ResourceRecord[] =>
  messages.flatMap((message) => decodeMessage(message).answers).slice(0, -1);

const sorted = (records: readonly ResourceRecord[]): string[] => records.map(shown).sort();

test('RFC 5936 §3.4: each record arrives under its owner, in its case, whatever labels that shares with the one before', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...origins),
      fc.array(fc.array(label, { minLength: 1, maxLength: 5 }), { maxLength: 40 }),
      (origin, lists) => {
        // Below each other, too.
        const names = lists.flatMap((labels, n) => [
          below(labels, origin),
          below([...labels, ...(lists[n - 1] ?? [])], origin),
        ]);
        const owners = [
          ...new Map(names.flatMap((name) => (name ? [[name.key, name] as const] : []))).values(),
        ];
        const records = [
          soaOf(origin),
          ...owners.flatMap((owner) => [record(owner, '1'), record(owner, '2')]),
        ];
        expect(sorted(recordsIn(messagesOf(origin, records)))).toEqual(sorted(records));
      },
    ),
    { numRuns: 300 },
  );
});

test('RFC 2181 §5.5: the SOA comes first and last, with the same TTL', () => {
  const origin = Name.parse('example.com.');
  const records = [soaOf(origin), record(Name.parse('a.example.com.'), '1')];
  const answers = messagesOf(origin, records).flatMap((message) => decodeMessage(message).answers);
  const withTtl = (one: ResourceRecord): string => `${one.ttl} ${shown(one)}`;
  expect(answers.map(withTtl)).toEqual([...records, records[0]!].map(withTtl));
});

test('owners stand by themselves in each message, and what they share with those before is pointed to', () => {
  const origin = Name.parse('example.com.');
  const owners = Array.from({ length: 5000 }, (_, n) => [`h${n}`, `_dmarc.h${n}`]).flat();
  const records = [soaOf(origin), ...owners.map((owner) => record(Name.parse(`${owner}.example.com.`), '1'))];
  const messages = messagesOf(origin, records);
  expect(messages.length).toBeGreaterThan(5);
  expect(sorted(recordsIn(messages))).toEqual(sorted(records));
  for (const message of messages) {
    const text = message.toString('latin1');
    // In the question.
    expect(text.split('\x07example')).toHaveLength(2);
    const [, ...behind] = text.split('\x06_dmarc');
    const written = behind.filter((rest) => rest.charCodeAt(0) < 0xc0);
    // The host of the first may stand in the message before.
    expect(written.length).toBeLessThanOrEqual(1);
  }
});
