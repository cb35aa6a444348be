import { expect, test } from 'vitest';
import { queryBytes } from '../../../test/kit/ask.ts';
import { imageOf, servedZones } from '../../../test/kit/test-zone.ts';
import { FakeClock } from '../../core/clock.ts';
import { decodeMessage } from '../message/message.ts';
import { signRequest } from '../message/tsig.ts';
import { tsig } from '../rdata/tsig.ts';
import { Type } from '../type-codes.ts';
import { Rcode } from '../wire/codes.ts';
import { Name } from '../wire/name.ts';
import { WireReader } from '../wire/reader.ts';
import { createCounterMemory } from './counters.ts';
import { createDirectAnswerer } from './direct.ts';
import { noFeatures } from './features.ts';

const clock = new FakeClock();
const direct = createDirectAnswerer({
  zones: servedZones([
    imageOf(
      '$ORIGIN example.com.\n@ 60 SOA ns1 hostmaster 1 7200 3600 1209600 600\n@ 60 NS ns1\nns1 60 A 192.0.2.1\n',
    ),
  ]).share(),
  features: { ...noFeatures, clock },
  clock,
  counters: createCounterMemory(),
  onWanted: () => undefined,
  onError(error) {
    throw error;
  },
});
const ask = (query: Uint8Array) => decodeMessage(direct.ask(query, '192.0.2.7')!);

test('answers questions, refuses transfers, and does not know updates', () => {
  expect(ask(queryBytes('ns1.example.com.', 'A'))).toMatchObject({ rcode: Rcode.NOERROR, answers: [{}] });
  expect(ask(queryBytes('example.com.', 'AXFR')).rcode).toBe(Rcode.REFUSED);
  const update = queryBytes('example.com.', 'SOA');
  update[2] = 5 << 3;
  expect(ask(update).rcode).toBe(Rcode.NOTIMP);
});

test('RFC 8945 §5.2.1: who signs is told that the key is not known here', () => {
  const key = {
    name: Name.parse('some.example'),
    algorithm: 'hmac-sha256',
    secret: Buffer.alloc(32),
  } as const;
  const { message } = signRequest(queryBytes('ns1.example.com.', 'A', 5), key, 0);
  const response = ask(message);
  expect(response).toMatchObject({ id: 5, rcode: Rcode.NOTAUTH, answers: [] });
  const record = response.additionals.find(({ type }) => type === Type.TSIG);
  expect(tsig.decode(new WireReader(record!.rdata))).toMatchObject({ error: Rcode.BADKEY });
  expect(ask(queryBytes('ns1.example.com.', 'A')).rcode).toBe(Rcode.NOERROR);
});
