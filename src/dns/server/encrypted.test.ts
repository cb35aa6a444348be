import type { NetworkInterfaceInfo } from 'node:os';
import { connect } from 'node:tls';
import { once } from 'node:events';
import { afterAll, expect, test } from 'vitest';
import { openssl } from '../../../test/kit/openssl.ts';
import { imageOf, servedZones } from '../../../test/kit/test-zone.ts';
import { type Clock, systemClock } from '../../core/clock.ts';
import { createLog } from '../../core/log.ts';
import { startDataPlane } from './data-plane.ts';

const RESCAN = 60_000;
const tool = openssl();
const closing: (() => unknown)[] = [() => tool.remove()];
afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

/** An address of this machine; one that it has not cannot be bound, like an IPv6 address that is tentative still (RFC 4862 §5.4). */
function interfaceOf(address: string): NetworkInterfaceInfo {
  return {
    address,
    netmask: '255.0.0.0',
    family: 'IPv4',
    mac: '00:00:00:00:00:00',
    internal: false,
    cidr: null,
  };
}
const NOT_HERE = '192.0.2.77';

test('one address that cannot be bound yet takes no other away, and is tried again at each look', async () => {
  const warnings: string[] = [];
  const log = createLog({ level: 'silent' });
  log.warn = (fields: unknown) => void warnings.push(JSON.stringify(fields));
  let look = (): void => undefined;
  const clock: Clock = {
    ...systemClock,
    after(delay, action) {
      if (delay !== RESCAN) return systemClock.after(delay, action);
      look = action;
      return { cancel: () => undefined };
    },
  };
  const started = await startDataPlane({
    addresses: [{ address: '127.0.0.1', port: 0 }],
    tlsAddresses: [{ address: '0.0.0.0', port: 0 }],
    interfaces: () => ({ lo: [interfaceOf('127.0.0.1'), interfaceOf(NOT_HERE)] }),
    workers: 1,
    clock,
    log,
    zones: servedZones([
      imageOf(
        '$ORIGIN example.com.\n@ 60 SOA ns1 hostmaster 1 7200 3600 1209600 600\n@ 60 NS ns1\nns1 60 A 192.0.2.1\n',
      ),
    ]),
  });
  if (!started.ok) throw new Error(started.problem.message);
  const { plane } = started;
  closing.push(() => plane.close());
  const { certificate, key } = tool.issue({ subject: 'box.example', names: ['box.example'] });
  expect(await plane.show({ chain: certificate, privateKey: key })).toBeUndefined();
  expect(plane.tlsAddresses.map(({ address }) => address)).toEqual(['127.0.0.1']);
  const client = connect({ port: plane.tlsAddresses[0]!.port, host: '127.0.0.1', rejectUnauthorized: false });
  await once(client, 'secureConnect');
  client.destroy();

  for (let n = 0; n < 2; n++) {
    warnings.length = 0;
    look();
    await expect.poll(() => warnings.filter((text) => text.includes(NOT_HERE))).not.toEqual([]);
  }
}, 30_000);
