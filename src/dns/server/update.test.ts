import { createSocket } from 'node:dgram';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SERVER_ZONE } from '../../../test/kit/server-zone.ts';
import { imageOf, servedZones } from '../../../test/kit/test-zone.ts';
import { epochSeconds, systemClock } from '../../core/clock.ts';
import { createLog } from '../../core/log.ts';
import { decodeMessage, encodeMessage, type Message, newMessage } from '../message/message.ts';
import { signRequest, type TsigKey } from '../message/tsig.ts';
import { Type } from '../type-codes.ts';
import { Opcode, Rcode } from '../wire/codes.ts';
import { Name } from '../wire/name.ts';
import { Ede, OptionCode } from './codes.ts';
import { type DataPlane, startDataPlane } from './data-plane.ts';

/* What is answered to a dynamic update (RFC 2136) besides its RCODE, which the control plane finds. */

const secret = Buffer.from('12345678901234567890123456789012');
const key: TsigKey = { name: Name.parse('update.example'), algorithm: 'hmac-sha256', secret };
const edns = { udpSize: 1232, version: 0, do: false, options: [] };

let plane: DataPlane;
/** What the control plane says of every update. */
let verdict: number = Rcode.NOERROR;

beforeAll(async () => {
  const started = await startDataPlane({
    addresses: [{ address: '127.0.0.1', port: 0 }],
    workers: 1,
    clock: systemClock,
    log: createLog({ level: 'silent' }),
    zones: servedZones([imageOf(SERVER_ZONE)]),
    transfers: {
      keys: [{ name: 'update.example', algorithm: 'hmac-sha256', secret, zones: [] }],
      addresses: [],
    },
  });
  if (!started.ok) throw new Error(started.problem.message);
  ({ plane } = started);
  plane.answerWith(() => Promise.resolve(verdict));
});
afterAll(() => plane.close());

function update(fields: Partial<Message> = {}): Uint8Array {
  const questions = [{ name: Name.parse('example.com'), type: Type.SOA, class: 1 }];
  return encodeMessage(newMessage({ id: 9, opcode: Opcode.UPDATE, questions, ...fields }));
}

/** Signed unless said otherwise. */
async function send(message: Uint8Array, signs = true): Promise<Message> {
  const socket = createSocket('udp4');
  const answered = new Promise<Buffer>((resolve) => socket.once('message', resolve));
  const octets = signs ? signRequest(message, key, epochSeconds(systemClock)).message : message;
  socket.send(octets, plane.addresses[0]!.port, '127.0.0.1');
  const answer = decodeMessage(await answered);
  socket.close();
  return answer;
}

function errorOf({ edns }: Message): number {
  const option = edns?.options.find(({ code }) => code === OptionCode.ede);
  return option ? Buffer.from(option.data).readUInt16BE(0) : Ede.none;
}

describe('an update with EDNS', () => {
  test.each([
    { rcode: Rcode.NOERROR, error: Ede.none },
    { rcode: Rcode.NXRRSET, error: Ede.none },
    { rcode: Rcode.SERVFAIL, error: Ede.none },
    { rcode: Rcode.REFUSED, error: Ede.prohibited },
    { rcode: Rcode.NOTAUTH, error: Ede.notAuthoritative },
  ])('is answered with EDNS (RFC 6891 §6.1.1), $rcode with error $error', async ({ rcode, error }) => {
    verdict = rcode;
    const answer = await send(update({ edns }));
    expect(answer).toMatchObject({ opcode: Opcode.UPDATE, rcode });
    expect(answer.edns).toMatchObject({ version: 0, udpSize: 1232 });
    expect(errorOf(answer)).toBe(error);
  });

  test('RFC 3007 §2: that nobody signed is refused, and told why', async () => {
    verdict = Rcode.NOERROR;
    const answer = await send(update({ edns }), false);
    expect(answer.rcode).toBe(Rcode.REFUSED);
    expect(errorOf(answer)).toBe(Ede.prohibited);
  });
});

test('an update without EDNS is answered without', async () => {
  verdict = Rcode.REFUSED;
  const answer = await send(update());
  expect(answer.rcode).toBe(Rcode.REFUSED);
  expect(answer.edns).toBeUndefined();
});

test('RFC 2136 §3.8: the response has the ID and Opcode of the request, QR, and no part of the update', async () => {
  verdict = Rcode.NOERROR;
  const flags = { qr: false, aa: true, tc: true, rd: true, ra: true, ad: true, cd: true };
  const rr = { owner: Name.parse('a.example.com'), type: Type.A, class: 1, ttl: 1, rdata: new Uint8Array(4) };
  const three = { answers: [rr], authorities: [rr], additionals: [rr] };
  for (const asked of [{}, { flags }, three] satisfies Partial<Message>[]) {
    const { id, opcode, flags: given, additionals, ...sections } = await send(update(asked));
    expect({ id, opcode }).toEqual({ id: 9, opcode: Opcode.UPDATE });
    expect(sections).toMatchObject({ rcode: Rcode.NOERROR, questions: [], answers: [], authorities: [] });
    expect(additionals.map(({ type }) => type)).toEqual([Type.TSIG]);
    // RFC 2136 §2.2: all but QR are zero in a response, and not looked at in a request.
    expect(given).toEqual({ qr: true, aa: false, tc: false, rd: false, ra: false, ad: false, cd: false });
  }
});

test('one whose sections cannot be read, or are too many, is answered with FORMERR', async () => {
  verdict = Rcode.FORMERR;
  const cut = update({ edns }).slice(0, -3);
  expect(await send(cut, false)).toMatchObject({ rcode: Rcode.FORMERR });
  const two = [1, 2].map((n) => ({ name: Name.parse(`zone${n}.example`), type: Type.SOA, class: 1 }));
  expect(await send(update({ questions: two, edns }))).toMatchObject({ rcode: Rcode.FORMERR });
});
