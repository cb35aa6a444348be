import { afterEach, expect, test } from 'vitest';
import {
  record,
  reply,
  type ScriptedPrimary,
  scriptedPrimary,
  type Sends,
} from '../../../test/kit/scripted-primary.ts';
import { systemClock } from '../../core/clock.ts';
import { systemRandom } from '../../core/random.ts';
import { padding } from '../message/edns-options.ts';
import type { MessageRecord } from '../message/message.ts';
import { Name } from '../wire/name.ts';
import { transferUpdate, transferZone } from './transfer.ts';

const open: ScriptedPrimary[] = [];
afterEach(() => {
  for (const primary of open.splice(0)) primary.close();
});

const old = record('example.com', 'SOA', '. . 1 2 3 4 5');
const soa = record('example.com', 'SOA', '. . 2 2 3 4 5');
const a = record('a.example.com', 'A', '192.0.2.1');
const b = record('b.example.com', 'A', '192.0.2.2');

/** Each message padded, those without records as well; of octets that are no zeros (RFC 7830 §3). */
const padded =
  (...all: MessageRecord[][]): Sends =>
  (request, write) => {
    for (const answers of all) {
      const options = [{ ...padding(400), data: new Uint8Array(400).fill(0xa5) }];
      write(reply(request, answers, { edns: { udpSize: 1232, version: 0, do: false, options } }));
    }
  };

async function optionsFor(sends: Sends) {
  const primary = await scriptedPrimary(sends);
  open.push(primary);
  return {
    server: { address: '127.0.0.1', port: primary.port },
    zone: Name.parse('example.com'),
    clock: systemClock,
    random: systemRandom,
    limits: { idle: 30_000 },
  };
}

test('RFC 9103 §7.9.1: a zone may come in messages that are padded, and in some that hold nothing else', async () => {
  const options = await optionsFor(padded([], [soa, a], [], [], [soa]));
  expect(await transferZone(options)).toMatchObject({ kind: 'zone', records: [{}, {}] });
});

test.each([
  ['differences', padded([soa], [], [old, a], [soa, b], [], [soa]), 'differences'],
  ['the whole zone', padded([], [soa, b], [], [soa]), 'zone'],
  ['that there is nothing later', padded([old]), 'current'],
])('RFC 9103 §7.10.3: so may the answer to IXFR: %s', async (_what, sends, kind) => {
  expect(await transferUpdate({ ...(await optionsFor(sends)), since: old })).toMatchObject({ kind });
});
