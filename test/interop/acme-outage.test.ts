import { afterEach, describe, expect, it } from 'vitest';
import { openTcpGate, openUdpGate, type TcpTrouble } from '../kit/gates.ts';
import { type CertificateJson, type LeapingBox, startLeapingBox } from '../kit/leaping-box.ts';
import { freePort } from '../kit/free-port.ts';
import { type Pebble, pebbleProgram, type PebbleOptions, startPebble } from '../kit/pebble.ts';
import { missing } from '../kit/requires.ts';
import { until } from '../kit/until.ts';

const MINUTE = 60_000;

const reason = missing({ commands: ['openssl', 'pebble', pebbleProgram('trixie')] });

/* Nobody asks the box for anything: the tests only look, and let time pass. */
describe.skipIf(reason)(`trouble with the CA ends by itself ${reason ?? ''}`, { timeout: 180_000 }, () => {
  const cleanup: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of cleanup.splice(0).reverse()) await end();
  }, 180_000);

  async function startCa(options: PebbleOptions): Promise<Pebble> {
    const pebble = await startPebble(options);
    cleanup.push(() => pebble.stop());
    return pebble;
  }

  async function startBox(dns: number, directory: string, caFile: string): Promise<LeapingBox> {
    const box = await startLeapingBox({ dns, acme: { directory, caFile } });
    cleanup.push(() => box.stop());
    return box;
  }

  /** With a CA that it reaches through a gate. */
  async function boxBehindGate(trouble: TcpTrouble) {
    const dns = await freePort();
    const pebble = await startCa({ dns: `127.0.0.1:${dns}` });
    const gate = await openTcpGate(pebble.ports[0]);
    cleanup.push(() => gate.close());
    gate.be(trouble);
    const box = await startBox(dns, `https://127.0.0.1:${gate.port}/dir`, pebble.ca);
    return { pebble, gate, box };
  }

  const host = 'box.example.net';
  const valid = ({ state }: CertificateJson): boolean => state === 'valid';
  /** After so many attempts, and nothing is under way. */
  const failed =
    (count: number) =>
    ({ step, state, attempts }: CertificateJson): boolean =>
      step === 'failed' && ['failed', 'valid'].includes(state) && attempts.length === count;

  /** Milliseconds from the end of the last attempt to the next. */
  const rest = ({ nextAttemptAt, attempts: [last] }: CertificateJson): number =>
    Date.parse(nextAttemptAt!) - Date.parse(last!.endedAt!);

  const leapToNext = ({ clock }: LeapingBox, { nextAttemptAt }: CertificateJson): void =>
    clock.leap(Date.parse(nextAttemptAt!) - clock.now());

  it('waits longer after each failure while the CA is down, and orders when it is up', async () => {
    const dns = await freePort();
    const at = { dns: `127.0.0.1:${dns}` };
    const { ports, folder, ...gone } = await startCa(at);
    await gone.stop({ keep: true });
    const box = await startBox(dns, gone.directory, gone.ca);
    for (const [index, minutes] of [5, 10, 20].entries()) {
      const certificate = await box.certificate(host, failed(index + 1));
      expect(certificate.attempts[0]!.problem).toMatch(
        /^The CA at 127\.0\.0\.1:\d+ cannot be reached; .* by itself\.$/,
      );
      expect(certificate.attempts[0]!.detail).toContain('ECONNREFUSED');
      expect(certificate.nextAttemptWhy).toBe('back-off after a failure');
      expect(rest(certificate)).toBeGreaterThan(minutes * MINUTE * 0.75 - 1000);
      expect(rest(certificate)).toBeLessThan(minutes * MINUTE * 1.25 + 1000);
      if (minutes === 20) await startCa({ ...at, ports, folder });
      leapToNext(box, certificate);
    }
    await box.certificate(host, valid);
  });

  it('says that the CA refuses the name, and orders when the CA has changed its mind', async () => {
    const dns = await freePort();
    const at = { dns: `127.0.0.1:${dns}` };
    const { ports, folder, ...strict } = await startCa({ ...at, blocked: [host] });
    const box = await startBox(dns, strict.directory, strict.ca);
    const refused = await box.certificate(host, failed(1));
    expect(refused.attempts[0]!.problem).toBe('The CA issues no certificates for this name, whoever asks.');
    expect(refused.attempts[0]!.detail).toContain(host);
    await strict.stop({ keep: true });
    await startCa({ ...at, ports, folder });
    leapToNext(box, refused);
    // It started anew and has no account of the box any more, which takes no rest.
    await box.certificate(host, valid);
  });

  it('keeps its certificate while the CA is down, and renews when it is up and has forgotten all', async () => {
    const dns = await freePort();
    const options = { dns: `127.0.0.1:${dns}`, suite: 'trixie' } as const;
    const { ports, folder, ...gone } = await startCa(options);
    const box = await startBox(dns, gone.directory, gone.ca);
    await box.api('POST', '/domains', { name: 'example.com', mail: false });
    const first = await box.certificate(
      'example.com',
      (one) => valid(one) && one.nextAttemptWhy!.includes('ARI'),
    );
    await gone.stop({ keep: true });
    leapToNext(box, first);
    const down = await box.certificate('example.com', failed(2));
    expect(down).toMatchObject({ state: 'valid', serialNumber: first.serialNumber });
    await startCa({ ...options, ports, folder });
    leapToNext(box, down);
    const renewed = await box.certificate(
      'example.com',
      ({ serialNumber }) => serialNumber !== first.serialNumber,
    );
    // A new account is made at once.
    const problems = renewed.attempts.map(({ problem }) => problem);
    expect(problems).toContainEqual(
      expect.stringMatching(/does not know the account any more; .* new one\.$/),
    );
  });

  it.each([
    // It may have been asked to look when the record was there, and have looked when it was not.
    ['live', 2],
    ['validated', 1],
  ] as const)('goes on after the CA was away when the order was %s', async (step, orders) => {
    const { pebble, gate, box } = await boxBehindGate('late');
    await box.certificate(host, (certificate) => certificate.step === step);
    gate.be('reset');
    const away = await box.certificate(host, failed(1));
    expect(away.attempts[0]!.problem).toMatch(/cannot be reached/);
    gate.be('none');
    leapToNext(box, away);
    await box.certificate(host, valid);
    expect(pebble.output().match(/Added order/g)!.length).toBeLessThanOrEqual(orders);
  });

  it('gives a CA that hangs half a minute for an answer, and asks again when it is better', async () => {
    const { gate, box } = await boxBehindGate('silent');
    await until(60, () => Promise.resolve(gate.knocks() > 0 || undefined));
    box.clock.leap(30_000);
    const hanging = await box.certificate(host, failed(1));
    expect(hanging.attempts[0]!.problem).toMatch(
      /^The CA at 127\.0\.0\.1:\d+ did not come to an end in time; .* by itself\.$/,
    );
    expect(hanging.attempts[0]!.detail).toBe('no answer within 30 seconds');
    gate.be('late');
    leapToNext(box, hanging);
    expect((await box.certificate(host, valid)).attempts).toHaveLength(2);
  });

  it('says that the CA does not find its record while DNS is broken, and orders when it is mended', async () => {
    const dns = await freePort();
    const gate = await openUdpGate(dns);
    cleanup.push(() => gate.close());
    const { directory, ca } = await startCa({ dns: `127.0.0.1:${gate.port}` });
    gate.be('lost');
    const box = await startBox(dns, directory, ca);
    const broken = await box.certificate(host, failed(1));
    expect(broken.attempts[0]!.problem).toMatch(/^The CA did not find the record .* delegated to the box\.$/);
    expect(broken.attempts[0]!.detail).toContain('Error retrieving TXT records');
    expect(gate.knocks()).toBeGreaterThan(0);
    gate.be('none');
    leapToNext(box, broken);
    await box.certificate(host, valid);
  });
});
