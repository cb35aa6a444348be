import { createSocket, Socket } from 'node:dgram';
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { createLog } from '../../core/log.ts';
import type { Transport } from './transport.ts';
import { listenUdp } from './udp.ts';

const log = createLog({ level: 'silent' });
const out = new Uint8Array(65_535);
let shed = 0;
const answerer = {
  out,
  begin: () => undefined,
  end: () => undefined,
  answer: () => 1000,
  shed: () => (shed += 1),
};
let transport: Transport | undefined;

afterEach(async () => {
  vi.restoreAllMocks();
  await transport?.close();
});

test('responses that the kernel does not take are dropped, not kept without end', async () => {
  transport = await listenUdp({ address: '127.0.0.1', port: 0 }, answerer, log);
  const client = createSocket('udp4');
  // Bound now: an unbound socket would call the `send` that is replaced below.
  client.bind(0, '127.0.0.1');
  await once(client, 'listening');
  const ask = client.send.bind(client) as (query: Uint8Array, port: number, host: string) => void;
  let answers = 0;
  const held: (() => void)[] = [];
  // A network card that is slower than the questions come: nothing is sent for now.
  vi.spyOn(Socket.prototype, 'send').mockImplementation((...values: unknown[]) => {
    answers++;
    held.push(values.at(-1) as () => void);
  });
  const { port } = transport.address;
  for (let round = 0; round < 200; round++) {
    for (let n = 0; n < 32; n++) ask(new Uint8Array(12), port, '127.0.0.1');
    await setImmediate();
  }
  expect(answers).toBe(1024);
  expect(shed).toBeGreaterThan(0);
  for (const done of held) done();
  const before = answers;
  ask(new Uint8Array(12), port, '127.0.0.1');
  await expect.poll(() => answers).toBeGreaterThan(before);
  client.close();
  await once(client, 'close');
});
