import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Type } from '../../src/dns/type-codes.ts';
import { ask } from '../kit/ask.ts';
import { startBox, type RunningBox } from '../kit/box.ts';
import { freePort } from '../kit/free-port.ts';
import { startPebble } from '../kit/pebble.ts';
import { missing } from '../kit/requires.ts';
import { until } from '../kit/until.ts';

interface View {
  names: string[];
  state: string;
}

/** Milliseconds from asking for a certificate to the kill: an order takes about half a second with a CA that waits 1 s before it looks. */
const moments = [5, 20, 40, 60, 90, 120, 200, 400, 800, 1200, 1400, 1600];

const reason = missing({ commands: ['pebble', 'openssl'] });

it.skipIf(reason)(
  `gets the certificate after kill -9 at any moment of an order, and leaves no record ${reason ?? ''}`,
  { timeout: 900_000 },
  async () => {
    const data = mkdtempSync(join(tmpdir(), 'signpost-acme-crash-'));
    const dns = `127.0.0.1:${await freePort()}`;
    const pebble = await startPebble({ dns, sleepTime: 1 });
    const flags = ['--acme-directory', pebble.directory, '--acme-ca', pebble.ca];
    const start = (): Promise<RunningBox> => startBox({ data, dns, workers: 1, flags });
    let box = await start();
    try {
      await box.api('POST', '/domains', { name: 'example.com' });
      await allValid(box, []);
      const wanted: string[] = [];
      for (const [index, moment] of moments.entries()) {
        const host = `host${index}.example.com`;
        const asked = box.api('POST', '/certificates', { names: [host] }).catch(() => undefined);
        await new Promise((resolve) => setTimeout(resolve, moment));
        await box.kill();
        if ((await asked)?.status === 202) wanted.push(host);
        box = await start();
        await allValid(box, wanted);
        // A box killed between the certificate and its end has a valid one at once; what is left goes while it starts.
        await expect.poll(() => challengesOf(box, host), { timeout: 5000 }).toEqual([]);
      }
      expect(wanted.length).toBeGreaterThan(moments.length / 2);
      const orders = pebble.output().match(/Added order/g)!.length;
      const issued = pebble.output().match(/Issued certificate serial/g)!.length;
      // An order whose making was answered to a box that was dead by then is never used: few moments are that unlucky.
      expect(orders).toBeLessThanOrEqual(issued + 3);
    } finally {
      await box.kill();
      await pebble.stop();
      rmSync(data, { recursive: true, force: true });
    }
  },
);

async function challengesOf(box: RunningBox, host: string): Promise<unknown[]> {
  const response = await ask(box.dns, `_acme-challenge.${host}`, 'TXT');
  return response!.answers.filter(({ type }) => type === Type.TXT);
}

/** Waits until nothing is under way, and those for these hosts are among them. */
async function allValid(box: RunningBox, hosts: readonly string[]): Promise<void> {
  let items: View[] = [];
  await until(
    60,
    async () => {
      items = ((await box.api('GET', '/certificates?limit=100')).body as { items: View[] }).items;
      const all = items.length > 1 && items.every(({ state }) => state === 'valid');
      return (all && hosts.every((host) => items.some(({ names }) => names.includes(host)))) || undefined;
    },
    () => Promise.resolve(JSON.stringify(items, null, 1)),
  );
}
