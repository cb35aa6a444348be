import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import {
  inMessages,
  record,
  reply,
  type ScriptedPrimary,
  scriptedPrimary,
  type Sends,
} from '../../../test/kit/scripted-primary.ts';
import { hmac, signByHand, tsigVariables } from '../../../test/kit/sign-by-hand.ts';
import { epochSeconds, systemClock } from '../../core/clock.ts';
import { systemRandom } from '../../core/random.ts';
import type { Message } from '../message/message.ts';
import {
  createTsigSession,
  putUnsignedError,
  readTsig,
  type TsigKey,
  type TsigSession,
  withoutTsig,
} from '../message/tsig.ts';
import { Rcode } from '../wire/codes.ts';
import { Name } from '../wire/name.ts';
import { transferZone, type TransferResult } from './transfer.ts';

/* RFC 8945: transfers that we ask for with a signature, from primaries that do not sign as they should. */

const zone = Name.parse('example.com');
const key: TsigKey = {
  name: Name.parse('xfr.example'),
  algorithm: 'hmac-sha256',
  secret: Buffer.alloc(32, 3),
};
const soa = record('example.com', 'SOA', '. . 1 2 3 4 5');
const a = record('a.example.com', 'A', '192.0.2.1');
const now = (): number => epochSeconds(systemClock);

const open: ScriptedPrimary[] = [];
afterEach(() => {
  for (const primary of open.splice(0)) primary.close();
});

async function transfer(sends: Sends): Promise<{ result: TransferResult; primary: ScriptedPrimary }> {
  const primary = await scriptedPrimary(sends);
  open.push(primary);
  const result = await transferZone({
    ...{ server: { address: '127.0.0.1', port: primary.port }, zone, key },
    ...{ clock: systemClock, random: systemRandom },
  });
  return { result, primary };
}

function room(message: Uint8Array): Uint8Array {
  const out = new Uint8Array(message.length + 300);
  out.set(message);
  return out;
}

function signed(session: TsigSession, message: Uint8Array): Uint8Array {
  const out = room(message);
  return out.slice(0, session.sign(out, message.length, now()));
}

/** Sends messages, those that are marked signed as by who has this key. */
const signing =
  (messages: { of: (typeof soa)[]; signs: boolean }[], by = key): Sends =>
  (request, write, _socket, octets) => {
    const session = createTsigSession(by, readTsig(octets)!.mac);
    for (const { of, signs } of messages) {
      const plain = reply(request, of);
      // What is not signed goes into the next signature, which this session does not know of.
      write(signs ? signed(session, plain) : plain);
    }
  };
const answer = (of: (typeof soa)[], signs = true) => ({ of, signs });

/** An answer with an error of the signature, which is not signed. */
const refusing =
  (error: number): Sends =>
  (request, write, _socket, octets) => {
    const plain = reply(request, [], { rcode: Rcode.NOTAUTH });
    const out = room(plain);
    write(out.slice(0, putUnsignedError(out, plain.length, readTsig(octets)!, error, now())));
  };

test('RFC 8945 §5.1: a request ends with one TSIG, of class ANY and TTL 0, without an error and signed as §4.3 says; §10: the fudge is 300', async () => {
  let asked: Uint8Array = new Uint8Array(0);
  await transfer((_request, _write, socket, octets) => {
    asked = Uint8Array.from(octets);
    socket.end();
  });
  const tsig = readTsig(asked)!;
  expect(tsig).toMatchObject({ fudge: 300, error: 0, otherData: new Uint8Array(0) });
  expect(tsig.originalId).toBe((asked[0]! << 8) | asked[1]!);
  expect(Math.abs(tsig.timeSigned - now())).toBeLessThan(60);
  const mac = hmac(key, withoutTsig(asked, tsig), tsigVariables(key.name, tsig));
  expect(Buffer.from(tsig.mac).equals(mac)).toBe(true);
});

test.each<[string, Sends, RegExp]>([
  ['RFC 8945 §5.4: what is not signed', inMessages([soa, a, soa]), /a message is not signed/],
  [
    'RFC 8945 §5.4: a signature with another secret',
    signing([answer([soa, a, soa])], { ...key, secret: Buffer.alloc(32, 4) }),
    /the signature is wrong/,
  ],
  [
    'RFC 8945 §5.4.1: a signature with another key',
    signing([answer([soa, a, soa])], { ...key, name: Name.parse('other.example') }),
    /signed with another key/,
  ],
  [
    'RFC 8945 §5.3.1: a first message that is not signed',
    signing([answer([soa, a], false), answer([soa])]),
    /a message is not signed/,
  ],
  [
    'RFC 8945 §5.3.1: a last message that is not signed',
    signing([answer([soa, a]), answer([soa], false)]),
    /a message is not signed/,
  ],
  [
    'RFC 8945 §5.3.1: an unsigned message that the next signature does not cover',
    signing([answer([soa, a]), answer([a], false), answer([soa])]),
    /the signature is wrong/,
  ],
  ['RFC 8945 §5.4.2: BADSIG', refusing(Rcode.BADSIG), /another secret for the key \(BADSIG\)/],
  ['RFC 8945 §5.4: BADKEY', refusing(Rcode.BADKEY), /does not know the key \(BADKEY\)/],
  ['RFC 8945 §5.4.4: BADTRUNC', refusing(Rcode.BADTRUNC), /more of the signature .* \(BADTRUNC\)/],
  [
    'RFC 8945 §5.4.3: BADTIME, which is signed',
    (request: Message, write, _socket, octets) => {
      const plain = reply(request, [], { rcode: Rcode.NOTAUTH });
      const out = room(plain);
      const asked = readTsig(octets)!;
      const session = createTsigSession(key, asked.mac);
      write(out.slice(0, session.signError(out, plain.length, asked, Rcode.BADTIME, now() + 1000)));
    },
    /clock is too far from ours \(BADTIME\)/,
  ],
  [
    'RFC 8945 §5.2.2.1: a MAC that is too short',
    (request, write) =>
      write(
        signByHand(reply(request, [soa, a, soa]), key, { timeSigned: now() }, (mac) => mac.subarray(0, 9)),
      ),
    /signature is too short/,
  ],
])('%s: nothing is taken, and the connection is ended', async (_what, sends, message) => {
  const { result, primary } = await transfer(sends);
  expect(result.kind).not.toBe('zone');
  expect('message' in result && result.message).toMatch(message);
  const [socket] = primary.sockets;
  if (!socket!.closed) await once(socket!, 'close');
});

test('RFC 8945 §5.3.1: messages that are each signed are taken', async () => {
  const { result } = await transfer(signing([answer([soa]), answer([a]), answer([soa])]));
  expect(result).toMatchObject({ kind: 'zone', records: { length: 2 } });
});
