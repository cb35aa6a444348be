import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { createAcmeClient } from '../../src/certs/acme/client.ts';
import { AcmeError } from '../../src/certs/acme/problem.ts';
import type { AcmeAccount, AcmeClient } from '../../src/certs/acme/protocol.ts';
import { createTransport } from '../../src/certs/acme/transport.ts';
import { parseChain } from '../../src/certs/x509/parse-chain.ts';
import { systemClock } from '../../src/core/clock.ts';
import { type CertificateJson, type LeapingBox, startLeapingBox } from '../kit/leaping-box.ts';
import { freePort } from '../kit/free-port.ts';
import { type Pebble, pebbleProgram, type PebbleOptions, startPebble } from '../kit/pebble.ts';
import { missing, unreleased } from '../kit/requires.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Seconds. */
const sixDays = (6 * DAY) / 1000;

const reason = missing({ commands: ['openssl', pebbleProgram('trixie')] });
const noForky = unreleased(pebbleProgram('forky'));

describe.skipIf(reason)(`renewal by ARI (RFC 9773) ${reason ?? ''}`, { timeout: 180_000 }, () => {
  const cleanup: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of cleanup.splice(0).reverse()) await end();
  });

  async function startCa(dns: number, options: Partial<PebbleOptions>): Promise<Pebble> {
    const pebble = await startPebble({ dns: `127.0.0.1:${dns}`, ...options });
    cleanup.push(() => pebble.stop());
    return pebble;
  }

  async function startBox(
    dns: number,
    { directory, ca }: Pebble,
    { data, profile }: { data?: string; profile?: string } = {},
  ): Promise<LeapingBox> {
    const box = await startLeapingBox({ dns, data, acme: { directory, caFile: ca, profile } });
    cleanup.push(() => box.stop());
    return box;
  }

  /** A box with a certificate for example.com. */
  async function boxWithCa(options: Partial<PebbleOptions>, more: { profile?: string } = {}) {
    const dns = await freePort();
    const pebble = await startCa(dns, options);
    const box = await startBox(dns, pebble, more);
    await box.api('POST', '/domains', { name: 'example.com', mail: false });
    const first = await box.certificate('example.com', suggested);
    return { dns, pebble, box, first };
  }

  /** An account that has nothing to do with the box. */
  async function stranger({ ca, directory }: Pebble): Promise<{ client: AcmeClient; account: AcmeAccount }> {
    const roots = readFileSync(ca, 'utf8');
    const transport = createTransport({ roots, userAgent: 'signpost/test', clock: systemClock });
    cleanup.push(() => transport.close());
    const client = createAcmeClient({ directory, transport, clock: systemClock });
    const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    return {
      client,
      account: { key, url: await client.register(key, { email: undefined, eab: undefined }) },
    };
  }

  async function ariId(pebble: Pebble, { serialNumber }: CertificateJson): Promise<string> {
    const parsed = parseChain(await pebble.certificate(serialNumber!));
    return (parsed.ok && parsed.parsed.leaf.renewalInfoId) || 'none';
  }

  const suggested = (certificate: CertificateJson): boolean =>
    certificate.state === 'valid' && certificate.nextAttemptWhy === 'the CA suggests it (ARI)';
  /** The CA does not leap with the box: what it issues may be due at once, so that the next order is under way already. */
  const otherThan = (before: CertificateJson) => (certificate: CertificateJson) =>
    certificate.serialNumber !== before.serialNumber;

  it.for([
    { suite: 'trixie', lifetime: { lifetime: sixDays }, without: undefined },
    { suite: 'forky', lifetime: { profiles: { default: sixDays } }, without: noForky },
  ] as const)(
    'RFC 9773 §4.2, §5: renews in the window that the CA suggests, and tells it what is replaced: pebble of Debian $suite',
    async ({ suite, lifetime, without }, { skip }) => {
      skip(without !== undefined, without);
      const { box, pebble, first } = await boxWithCa({ suite, ...lifetime });
      const id = await ariId(pebble, first);
      const { client, account } = await stranger(pebble);
      const replace = (): Promise<string> =>
        client.newOrder(account, { names: ['example.com'], profile: undefined, replaces: id }).then(
          () => 'taken',
          (error: unknown) => (error instanceof AcmeError ? error.problem.detail : String(error)),
        );
      expect(await replace()).toMatch(/account did not request/);

      const window = (await client.renewalInfo(id))!;
      const at = Date.parse(first.nextAttemptAt!);
      expect(at).toBeGreaterThanOrEqual(Date.parse(window.start));
      expect(at).toBeLessThanOrEqual(Date.parse(window.end));
      box.clock.leap(at - box.clock.now());
      await box.certificate('example.com', otherThan(first));
      expect(await replace()).toMatch(/already has a replacement order/);
    },
  );

  describe.skipIf(noForky)(`with the pebble of Debian forky ${noForky ?? ''}`, () => {
    it('RFC 9773 §5: renews with another CA than the one it had, which knows nothing of what is replaced', async () => {
      const { box, dns, first } = await boxWithCa({ suite: 'trixie', lifetime: sixDays });
      await box.stop({ keep: true });
      const other = await startCa(dns, { suite: 'forky' });
      const again = await startBox(dns, other, { data: box.data });
      again.clock.leap(Date.parse(first.nextAttemptAt!) - again.clock.now());
      await again.certificate('example.com', otherThan(first));
    });

    it('RFC 9773 §4.3: renews by itself when the CA moves its window into the past', async () => {
      const { box, pebble, first } = await boxWithCa({ suite: 'forky', profiles: { default: sixDays } });
      const now = Date.now();
      const window = { start: new Date(now - 2 * HOUR), end: new Date(now - HOUR) };
      await pebble.suggest(await pebble.certificate(first.serialNumber!), window);
      // As often as it wants to be asked.
      box.clock.leap(6 * HOUR);
      await box.certificate('example.com', otherThan(first));
    });

    it('orders by the profile that is set', async () => {
      const profiles = { default: 90 * sixDays, shortlived: sixDays };
      const { first } = await boxWithCa({ suite: 'forky', profiles }, { profile: 'shortlived' });
      const lifetime = Date.parse(first.notAfter!) - Date.parse(first.notBefore!);
      expect(Math.abs(lifetime - 6 * DAY)).toBeLessThan(HOUR);
      expect(Date.parse(first.nextAttemptAt!)).toBeLessThan(
        Date.parse(first.notAfter!) - (6 * DAY) / 10 + 1000,
      );
    });

    it('says which profiles there are, when the CA does not know the one that is set', async () => {
      const dns = await freePort();
      const pebble = await startCa(dns, { suite: 'forky', profiles: { default: 90 * sixDays } });
      const box = await startBox(dns, pebble, { profile: 'shortlived' });
      const { attempts } = await box.certificate('box.example.net', ({ state }) => state === 'failed');
      expect(attempts[0]).toMatchObject({
        problem: 'The CA does not know the profile that is set; choose one of its own or none.',
        detail: 'default',
      });
    });
  });
});
