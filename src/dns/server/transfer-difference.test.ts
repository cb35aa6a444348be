import fc from 'fast-check';
import { expect, test } from 'vitest';
import { atOnce } from '../../core/slices.ts';
import { decodeMessage, encodeMessage, newMessage } from '../message/message.ts';
import { rdataFromText } from '../rdata/registry.ts';
import type { ResourceRecord } from '../rr.ts';
import { Type } from '../type-codes.ts';
import { Name } from '../wire/name.ts';
import { MAX_MESSAGE } from './answer.ts';
import { encodeDifference, recordsOfDifference } from './transfer-difference.ts';
import { createTransferMessages } from './transfer-messages.ts';

const zone = Name.parse('example.com');
const soaOf = (serial: number): ResourceRecord => ({
  ...{ owner: zone, type: Type.SOA, ttl: 300 },
  rdata: rdataFromText(Type.SOA, `ns1.example.com. hostmaster.example.com. ${serial} 1 2 3 4`),
});

const label = fc.stringMatching(/^[a-z0-9]{1,12}$/);
const record = fc.oneof(
  fc.record({ owner: label, text: fc.stringMatching(/^[a-z]{0,200}$/) }).map(({ owner, text }) => ({
    ...{ owner: zone.child(owner), type: Type.TXT, ttl: 60 },
    rdata: rdataFromText(Type.TXT, `"${text}"`),
  })),
  fc.record({ owner: label, target: label }).map(({ owner, target }) => ({
    ...{ owner: zone.child(owner), type: Type.MX, ttl: 3600 },
    rdata: rdataFromText(Type.MX, `10 ${target}.example.com.`),
  })),
);
const records = fc.array(record, { maxLength: 400 });

/** The records of all messages, as a client reads them. */
function sent(octets: Uint8Array): ResourceRecord[] {
  const question = { name: zone, type: Type.IXFR, class: 1 };
  const head = encodeMessage(newMessage({ id: 7, questions: [question] }));
  const out = new Uint8Array(MAX_MESSAGE);
  const source = recordsOfDifference(octets);
  const messages = createTransferMessages(source, {
    ...{ head, opt: undefined, session: undefined },
  });
  const found: ResourceRecord[] = [];
  while (!messages.done()) {
    const length = messages.next(out, 0);
    for (const { owner, type, ttl, rdata } of decodeMessage(out.slice(0, length)).answers)
      found.push({ owner, type, ttl, rdata });
  }
  return found;
}

test('RFC 1995 §4: new SOA, old SOA, what is removed, new SOA, what is added, new SOA', () => {
  fc.assert(
    fc.property(records, records, (removed, added) => {
      const [old, newest] = [soaOf(1), soaOf(2)];
      const difference = { removed: [old, ...removed], added: [newest, ...added] };
      const octets = atOnce(encodeDifference(difference));
      expect(sent(octets)).toEqual([newest, ...difference.removed, ...difference.added, newest]);
    }),
    { numRuns: 60 },
  );
});
