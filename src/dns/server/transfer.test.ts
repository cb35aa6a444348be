import { execFile } from 'node:child_process';
import { connect } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { queryBytes } from '../../../test/kit/ask.ts';
import { bulkZone } from '../../../test/kit/bulk-zone.ts';
import { missing } from '../../../test/kit/requires.ts';
import { SERVER_ZONE } from '../../../test/kit/server-zone.ts';
import { draftFor, imageOf, servedZones, signedImage } from '../../../test/kit/test-zone.ts';
import { epochSeconds, systemClock } from '../../core/clock.ts';
import { createLog } from '../../core/log.ts';
import { systemRandom } from '../../core/random.ts';
import { transferZone, type TransferOptions } from '../client/transfer.ts';
import { decodeMessage, type Message } from '../message/message.ts';
import { signRequest, type TsigKey } from '../message/tsig.ts';
import { tsig as tsigRdata } from '../rdata/tsig.ts';
import { fromWire, rdataType } from '../rdata/registry.ts';
import type { ResourceRecord } from '../rr.ts';
import { Type } from '../type-codes.ts';
import { Rcode } from '../wire/codes.ts';
import { Name } from '../wire/name.ts';
import { imageView } from '../zone/image-view.ts';
import type { ZoneImage } from '../zone/image.ts';
import type { ServedZones } from '../zone/served-zones.ts';
import { printRecord } from '../zonefile/print.ts';
import { type DataPlane, startDataPlane } from './data-plane.ts';

const LARGE = 20_000;
const secret = Buffer.from('12345678901234567890123456789012');
const all: TsigKey = { name: Name.parse('all.example'), algorithm: 'hmac-sha256', secret };
const some: TsigKey = { name: Name.parse('some.example'), algorithm: 'hmac-sha512', secret };
const policy = {
  keys: [
    { name: 'all.example', algorithm: 'hmac-sha256', secret, zones: 'all' },
    { name: 'some.example', algorithm: 'hmac-sha512', secret, zones: ['Nsec.Example'] },
  ],
  addresses: [] as string[],
} as const;

const large = (serial: number): ZoneImage =>
  imageOf(`$ORIGIN large.example.
$TTL 300
@ SOA ns1 hostmaster ${serial} 7200 3600 1209600 600
@ NS ns1
ns1 A 192.0.2.1
huge TXT ${Array.from({ length: 200 }, (_, n) => `"${String(n).padStart(3, '0').repeat(80)}"`).join(' ')}
${Array.from({ length: LARGE }, (_, n) => `Host${n} TXT "version ${serial} of the text at ${n}"`).join('\n')}
`);

let zones: ServedZones;
let plane: DataPlane;
let images: ZoneImage[];

beforeAll(async () => {
  images = [
    await signedImage(SERVER_ZONE.replaceAll('example.com.', 'nsec.example.'), 'nsec'),
    await signedImage(SERVER_ZONE.replaceAll('example.com.', 'nsec3.example.'), 'nsec3'),
    large(1),
    bulkZone(1),
  ];
  zones = servedZones(images, { spoils: true });
  const started = await startDataPlane({
    addresses: [{ address: '127.0.0.1', port: 0 }],
    workers: 2,
    clock: systemClock,
    log: createLog({ level: 'silent' }),
    zones,
    transfers: policy,
  });
  if (!started.ok) throw new Error(started.problem.message);
  ({ plane } = started);
}, 60_000);
afterAll(() => plane.close());

const transfer = (zone: string, options: Partial<TransferOptions> = {}) =>
  transferZone({
    server: plane.addresses[0]!,
    zone: Name.parse(zone),
    clock: systemClock,
    random: systemRandom,
    ...options,
  });

function lines(records: Iterable<ResourceRecord>): string[] {
  return Array.from(records, (record) => printRecord({ ...record, owner: record.owner.canonical() })).sort();
}

/** Every record of an image, signatures included. */
function* recordsIn(image: ZoneImage): Iterable<ResourceRecord> {
  const view = imageView(image);
  for (const nodes of [view.nodes(), view.nsec3Nodes()])
    for (const { owner, rrsets } of nodes)
      for (const { type, ttl, rdatas, signatures } of rrsets) {
        for (const rdata of rdatas) yield { owner, type, ttl, rdata };
        for (const rdata of signatures) yield { owner, type: Type.RRSIG, ttl, rdata };
      }
}

async function expectWhole(image: ZoneImage, zone: string, key: TsigKey): Promise<void> {
  const result = await transfer(zone, { key });
  if (result.kind !== 'zone') throw new Error(result.message);
  expect(result.skipped).toBe(0);
  expect(lines(result.records)).toEqual(lines(recordsIn(image)));
}

/** What comes back for one message over TCP. */
async function send(query: Uint8Array): Promise<Message> {
  const { address, port } = plane.addresses[0]!;
  const socket = connect(port, address);
  socket.write(Buffer.concat([Buffer.from([query.length >> 8, query.length]), query]));
  let input = Buffer.alloc(0);
  for await (const chunk of socket) {
    input = Buffer.concat([input, chunk as Buffer]);
    if (input.length > 2 && input.length >= 2 + input.readUInt16BE()) break;
  }
  socket.destroy();
  return decodeMessage(input.subarray(2, 2 + input.readUInt16BE()));
}

function tsigError(message: Message): number {
  return tsigRdata.decode === rdataType(Type.TSIG)?.decode
    ? fromWire(tsigRdata, message.additionals.at(-1)!.rdata).error
    : -1;
}

const now = (): number => epochSeconds(systemClock);

describe('AXFR', () => {
  // RFC 1034 §4.3.5; RFC 4592 §2: wildcards like all others.
  test('gives every record of the zone (RFC 5936 §2.2, §3.1, §3.5): glue, what is occluded, signatures, NSEC or NSEC3', async () => {
    // RFC 4035 §3.1.5: so DS, NSEC and RRSIG are in it, those at the parental side of a cut too.
    await expectWhole(images[0]!, 'nsec.example', some);
    await expectWhole(images[1]!, 'nsec3.example', all);
  });

  test('of 20,000 names, in many messages, each signed; one record is longer than a message should be', async () => {
    await expectWhole(images[2]!, 'large.example', all);
  });

  test('only who has a key for the zone, or an address that is allowed (RFC 5936 §5)', async () => {
    expect(await transfer('nsec.example')).toMatchObject({ kind: 'refused' });
    expect(await transfer('nsec3.example', { key: some })).toMatchObject({ kind: 'refused' });
    await plane.setTransfers({ ...policy, addresses: ['127.0.0.1'] });
    expect(await transfer('nsec3.example')).toMatchObject({ kind: 'zone' });
    await plane.setTransfers(policy);
    expect(await transfer('nsec3.example')).toMatchObject({ kind: 'refused' });
  });

  test('of a name that is no zone is NOTAUTH (RFC 5936 §2.2.1)', async () => {
    expect(await transfer('www.nsec.example', { key: all })).toMatchObject({ kind: 'notauth' });
    expect(await transfer('elsewhere.example', { key: all })).toMatchObject({ kind: 'notauth' });
  });

  test('RFC 1035 §6.3: gives one version to its end, while others come and their memory is used again', async () => {
    const query = signRequest(queryBytes('bulk.example.', 'AXFR'), all, now()).message;
    const { address, port } = plane.addresses[0]!;
    const socket = connect(port, address);
    socket.write(Buffer.concat([Buffer.from([query.length >> 8, query.length]), query]));
    await new Promise((resolve) => socket.once('readable', resolve));
    const next = bulkZone(2);
    for (let i = 0; i < 3; i++) {
      zones.commit({ set: [draftFor(zones, next)] });
      await plane.apply();
    }
    await expect.poll(() => zones.held, { timeout: 20_000 }).toBeGreaterThan(0);
    const texts = new Set<string>();
    let soas = 0;
    let input = Buffer.alloc(0);
    for await (const chunk of socket) {
      input = Buffer.concat([input, chunk as Buffer]);
      while (input.length >= 2 && input.length >= 2 + input.readUInt16BE()) {
        const end = 2 + input.readUInt16BE();
        const { answers } = decodeMessage(input.subarray(2, end));
        input = input.subarray(end);
        for (const { type, rdata } of answers) {
          if (type === Type.SOA) soas++;
          if (type === Type.TXT && rdata[1] === 0x76)
            texts.add(Buffer.from(rdata.subarray(1, 10)).toString());
        }
      }
      if (soas === 2) break;
    }
    expect([...texts]).toEqual(['version 1']);
    await expect.poll(() => zones.held).toBe(0);
    expect(zones.garbage).toBe(0);
  }, 60_000);
});

describe('signed messages', () => {
  const soa = (): Uint8Array => queryBytes('nsec.example.', 'SOA');

  test('get a signed answer, as anybody gets without a signature', async () => {
    const { message, session } = signRequest(soa(), all, now());
    const { address, port } = plane.addresses[0]!;
    const socket = connect(port, address);
    socket.write(Buffer.concat([Buffer.from([0, message.length]), message]));
    const chunk = await new Promise<Buffer>((resolve) => socket.once('data', resolve));
    socket.destroy();
    expect(session.verify(chunk.subarray(2), now(), true)).toBeUndefined();
    expect(decodeMessage(chunk.subarray(2))).toMatchObject({ rcode: 0, flags: { aa: true } });
  });

  test('an unknown key, another secret, a wrong time: NOTAUTH and the error (RFC 8945 §5.2)', async () => {
    const unknown = { ...all, name: Name.parse('unknown.example') };
    for (const [key, at, error] of [
      [unknown, now(), Rcode.BADKEY],
      [{ ...all, secret: Buffer.from('another') }, now(), Rcode.BADSIG],
      [all, now() - 400, Rcode.BADTIME],
      [all, now() + 400, Rcode.BADTIME],
    ] as const) {
      const message = await send(signRequest(soa(), key, at).message);
      expect(message.rcode).toBe(Rcode.NOTAUTH);
      expect(tsigError(message)).toBe(error);
    }
  });
});

const reason = missing({ commands: ['dig'] });
describe.skipIf(reason)(`dig ${reason ?? ''}`, () => {
  const dig = async (...args: string[]): Promise<string> => {
    const { port } = plane.addresses[0]!;
    const { stdout } = await promisify(execFile)('dig', ['@127.0.0.1', '-p', String(port), ...args], {
      maxBuffer: 1 << 26,
    });
    return stdout;
  };
  const key = (bits: string, name: string): string[] => [
    '-y',
    `hmac-sha${bits}:${name}:${secret.toString('base64')}`,
  ];

  test('transfers with its own key, over many messages', async () => {
    const output = await dig(...key('256', 'all.example'), 'large.example', 'AXFR');
    expect(output).toMatch(new RegExp(`XFR size: ${LARGE + 5} records \\(messages [1-9]\\d+`));
    expect(output).not.toContain('verify failure');
    expect(output).toContain('all.example.\t\t0\tANY\tTSIG\thmac-sha256.');
  });

  test('gets signed answers over UDP', async () => {
    const output = await dig(...key('512', 'some.example'), 'nsec.example', 'SOA', '+dnssec');
    expect(output).toContain('NOERROR');
    expect(output).not.toMatch(/verify|Couldn't/);
  });

  test('is told what is wrong', async () => {
    const wrong = ['-y', `hmac-sha256:all.example:${Buffer.from('another').toString('base64')}`];
    expect(await dig(...wrong, 'nsec.example', 'SOA')).toMatch(/BADSIG/);
    expect(await dig(...key('256', 'some.example'), 'nsec.example', 'SOA')).toMatch(/BADKEY/);
    expect(await dig('nsec.example', 'AXFR')).toContain('Transfer failed');
  });
});
