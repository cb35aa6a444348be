import { afterEach, describe, expect, it } from 'vitest';
import { printRdata, typeName } from '../../src/dns/rdata/registry.ts';
import { ask } from '../kit/ask.ts';
import { startBox, type RunningBox } from '../kit/box.ts';
import { type Pebble, type PebbleOptions, freePort, startPebble } from '../kit/pebble.ts';
import { missing } from '../kit/requires.ts';

interface View {
  id: string;
  names: string[];
  state: string;
  step?: string;
  serialNumber?: string;
  notAfter?: string;
  purpose: { kind: string };
  attempts: { step: string; problem?: string; detail?: string }[];
}

const reason = missing({ commands: ['pebble', 'openssl'] });

describe.skipIf(reason)(`certificates from pebble ${reason ?? ''}`, () => {
  const cleanup: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const end of cleanup.splice(0).reverse()) await end();
  });

  /** A box that asks a CA which asks the box. */
  async function boxWithCa(
    options: Partial<PebbleOptions> = {},
  ): Promise<{ box: RunningBox; pebble: Pebble }> {
    const dns = `127.0.0.1:${await freePort()}`;
    const pebble = await startPebble({ dns, ...options });
    cleanup.push(() => pebble.stop());
    const flags = ['--acme-directory', pebble.directory, '--acme-ca', pebble.ca];
    const box = await startBox({ dns, workers: 2, flags });
    cleanup.push(() => box.stop());
    return { box, pebble };
  }

  async function certificates(box: RunningBox): Promise<View[]> {
    const { status, body } = await box.api('GET', '/certificates?limit=200');
    expect(status).toBe(200);
    return (body as { items: View[] }).items;
  }

  /** The answer in presentation form. */
  async function answers(box: RunningBox, name: string, type: string): Promise<string[]> {
    const answer = await ask(box.dns, name, type);
    return answer!.answers
      .filter((record) => typeName(record.type) === type)
      .map((record) => printRdata(record.type, record.rdata));
  }

  async function until<T>(seconds: number, look: () => Promise<T | undefined>): Promise<T> {
    const end = performance.now() + seconds * 1000;
    for (;;) {
      const found = await look();
      if (found !== undefined) return found;
      if (performance.now() > end) throw new Error('it did not come in time');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async function allValid(box: RunningBox, count: number, seconds = 30): Promise<View[]> {
    try {
      return await until(seconds, async () => {
        const all = await certificates(box);
        return all.length === count && all.every(({ state }) => state === 'valid') ? all : undefined;
      });
    } catch (error) {
      throw new Error(`${JSON.stringify(await certificates(box), null, 1)}\n${box.output()}`, {
        cause: error,
      });
    }
  }

  it('issues one for the box and one with a wildcard for each domain, within seconds', async () => {
    const { box } = await boxWithCa();
    await allValid(box, 1);
    const began = performance.now();
    expect((await box.api('POST', '/domains', { name: 'example.com' })).status).toBe(201);
    const all = await allValid(box, 2);
    expect(performance.now() - began).toBeLessThan(3000);
    expect(all.map(({ names }) => names)).toEqual([
      ['box.example.net', 'mta-sts.box.example.net'],
      ['example.com', '*.example.com'],
    ]);
    expect(await answers(box, '_acme-challenge.example.com', 'TXT')).toEqual([]);
    expect(await answers(box, '_mta-sts.example.com', 'TXT')).toHaveLength(1);
    expect(await answers(box, '_25._tcp.box.example.net', 'TLSA')).toHaveLength(1);
    expect((await answers(box, 'example.com', 'CAA')).join()).toContain('accounturi=https://127.0.0.1');
  });
});
