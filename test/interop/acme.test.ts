import { afterEach, describe, expect, it } from 'vitest';
import { printRdata, typeName } from '../../src/dns/rdata/registry.ts';
import { ask } from '../kit/ask.ts';
import { startBox, type RunningBox } from '../kit/box.ts';
import { freePort } from '../kit/free-port.ts';
import { type Pebble, pebbleProgram, type PebbleOptions, startPebble } from '../kit/pebble.ts';
import { missing, unreleased } from '../kit/requires.ts';
import { until } from '../kit/until.ts';

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
const noForky = unreleased(pebbleProgram('forky'));

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

  const standOf = async (box: RunningBox): Promise<string> =>
    `${JSON.stringify(await certificates(box), null, 1)}\n${box.output()}`;

  function allValid(box: RunningBox, count: number, seconds = 60): Promise<View[]> {
    const look = async (): Promise<View[] | undefined> => {
      const all = await certificates(box);
      return all.length === count && all.every(({ state }) => state === 'valid') ? all : undefined;
    };
    return until(seconds, look, () => standOf(box));
  }

  /** The second certificate, once it is valid and another one than before. */
  function another(box: RunningBox, before: View): Promise<View> {
    const look = async (): Promise<View | undefined> => {
      const now = (await certificates(box))[1]!;
      return now.state === 'valid' && now.serialNumber !== before.serialNumber ? now : undefined;
    };
    return until(60, look, () => standOf(box));
  }

  // RFC 8555 §7.4, §8.4: the request is for the names of the order, both of which the CA looks for at one owner.
  it('issues one for the box and one with a wildcard for each domain, within seconds', async () => {
    const { box } = await boxWithCa();
    await allValid(box, 1);
    const began = performance.now();
    expect((await box.api('POST', '/domains', { name: 'example.com' })).status).toBe(201);
    const all = await allValid(box, 2);
    expect(performance.now() - began).toBeLessThan(30_000);
    expect(all.map(({ names }) => names)).toEqual([
      ['box.example.net', 'mta-sts.box.example.net'],
      ['example.com', '*.example.com'],
    ]);
    expect(await answers(box, '_acme-challenge.example.com', 'TXT')).toEqual([]);
    expect(await answers(box, '_mta-sts.example.com', 'TXT')).toHaveLength(1);
    expect(await answers(box, '_25._tcp.box.example.net', 'TLSA')).toHaveLength(1);
    // This CA has no name for itself.
    expect(await answers(box, 'example.com', 'CAA')).toEqual([]);
  });

  // RFC 8657 §3.1
  it('names in CAA the CA, as it calls itself, and the account', { timeout: 180_000 }, async ({ skip }) => {
    skip(noForky !== undefined, noForky);
    const { box, pebble } = await boxWithCa({ suite: 'forky' });
    await allValid(box, 1);
    const issuer = `pebble.letsencrypt.org; validationmethods=dns-01; accounturi=${new URL(pebble.directory).origin}`;
    const caa = (await answers(box, 'box.example.net', 'CAA')).join();
    expect(caa).toContain(`0 issue "${issuer}/my-account/`);
    expect(caa).toContain(`0 issuewild "${issuer}/my-account/`);
  });

  it('renews with another key, and revokes (RFC 8555 §7.6)', { timeout: 180_000 }, async () => {
    const { box, pebble } = await boxWithCa();
    await box.api('POST', '/domains', { name: 'example.com' });
    const before = (await allValid(box, 2))[1]!;
    expect((await box.api('POST', `/certificates/${before.id}/renew`)).status).toBe(202);
    const renewed = await another(box, before);
    expect(await pebble.status(renewed.serialNumber!)).toBe('Valid');
    const path = `/certificates/${before.id}/revoke`;
    expect((await box.api('POST', path, { reason: 'superseded' })).status).toBe(200);
    expect(await pebble.status(renewed.serialNumber!)).toBe('Revoked');
    await another(box, renewed);
  });

  // RFC 8555 §6.5
  it('gets 20 at once from a CA that refuses nonces', { timeout: 180_000 }, async () => {
    const { box } = await boxWithCa({ nonceReject: 15 });
    for (let i = 0; i < 19; i++) await box.api('POST', '/domains', { name: `d${i}-example.com` });
    await allValid(box, 20, 60);
  });

  it('waits for a CA that sleeps before it looks', { timeout: 180_000 }, async () => {
    const { box } = await boxWithCa({ sleeps: true });
    await allValid(box, 1, 60);
  });

  // RFC 8555 §8.4
  it('follows a CNAME at _acme-challenge to another zone of the box', { timeout: 180_000 }, async () => {
    const { box } = await boxWithCa();
    await box.api('POST', '/domains', { name: 'example.org' });
    await allValid(box, 2);
    // One that stands before the domain's order begins: the record belongs to the domain that is there then.
    const record = { owner: '_acme-challenge.www.example.org', type: 'CNAME', value: 'www.box.example.net.' };
    const added = await box.api('POST', '/zones/example.org/records', record);
    expect(added.status).toBe(201);
    const issued = await box.api('POST', '/certificates', { names: ['www.example.org'] });
    expect(issued.status).toBe(202);
    await allValid(box, 3);
    expect(await answers(box, 'www.box.example.net', 'TXT')).toEqual([]);
  });

  it(
    'says what is wrong while the CA is down, and goes on when it is back',
    { timeout: 180_000 },
    async () => {
      const dns = `127.0.0.1:${await freePort()}`;
      const first = await startPebble({ dns });
      const flags = ['--acme-directory', first.directory, '--acme-ca', first.ca];
      await first.stop({ keep: true });
      const box = await startBox({ dns, workers: 1, flags });
      cleanup.push(() => box.stop());
      const failed = await until(60, async () =>
        (await certificates(box)).find(({ state }) => state === 'failed'),
      );
      expect(failed.attempts[0]!.problem).toMatch(/cannot be reached/);
      expect(failed.attempts[0]!.detail).toMatch(/ECONNREFUSED/);
      const second = await startPebble({ dns, ports: first.ports, folder: first.folder });
      cleanup.push(() => second.stop());
      await box.api('POST', `/certificates/${failed.id}/renew`);
      await allValid(box, 1);
    },
  );

  it(
    // RFC 8555 §7.3.4
    'says that the CA is not trusted, that it wants an account of its own, and that it forgot the account',
    { timeout: 180_000 },
    async () => {
      const dns = `127.0.0.1:${await freePort()}`;
      const key = 'zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W';
      const pebble = await startPebble({ dns, eab: { 'kid-1': key } });
      const stranger = await startBox({ dns, flags: ['--acme-directory', pebble.directory] });
      cleanup.push(() => stranger.stop());
      const refused = async (box: RunningBox): Promise<string> =>
        (await until(60, async () => (await certificates(box)).find(({ state }) => state === 'failed')))
          .attempts[0]!.problem!;
      expect(await refused(stranger)).toMatch(/not trusted.*--acme-ca/);
      const flags = ['--acme-directory', pebble.directory, '--acme-ca', pebble.ca];
      const unknown = await startBox({ dns: '127.0.0.1:0', flags });
      cleanup.push(() => unknown.stop());
      expect(await refused(unknown)).toMatch(/wants an account/);
      const eab = ['--acme-eab-kid', 'kid-1', '--acme-eab-key', key];
      await stranger.stop();
      const box = await startBox({ dns, flags: [...flags, ...eab] });
      cleanup.push(() => box.stop());
      const [{ id }] = (await allValid(box, 1)) as [View];
      await pebble.stop({ keep: true });
      const fresh = await startPebble({
        dns,
        eab: { 'kid-1': key },
        ports: pebble.ports,
        folder: pebble.folder,
      });
      cleanup.push(() => fresh.stop());
      const before = (await certificates(box))[0]!.serialNumber;
      await box.api('POST', `/certificates/${id}/renew`);
      // The box's key waits for its TLSA: the certificate is there, and not yet in use.
      const renewing = await until(60, async () =>
        (await certificates(box)).find(({ step }) => step === 'issued'),
      );
      expect(renewing.serialNumber).toBe(before);
      expect(await answers(box, '_25._tcp.box.example.net', 'TLSA')).toHaveLength(2);
    },
  );
});
