import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBox, type RunningBox } from '../kit/box.ts';
import { addresses, createInternet, type Delegation, type Internet } from '../kit/internet.ts';
import { missing } from '../kit/requires.ts';
import { until } from '../kit/until.ts';

const skip = missing({ root: true, commands: ['ip', 'nsd', 'unbound', 'ldns-signzone', 'dig'] });

const [before, after, customer] = ['one.test', 'two.test', 'customer.test'] as const;

interface Settings extends Record<string, unknown> {
  formerHostnames: {
    hostname: string;
    parents: { leading: number; unknown: number } | null;
    until: string | null;
  }[];
}

describe.skipIf(skip)(`a change of the hostname on an internet of its own${skip ? ` (${skip})` : ''}`, () => {
  let internet: Internet;
  let box: RunningBox;
  /** What the TLD has. */
  const children = new Map<string, Delegation>();

  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await box.local(method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body as T;
  };

  /** What a person does at the registrar of these domains: sets what the box says. */
  async function atRegistrar(...zones: string[]): Promise<void> {
    for (const name of zones)
      children.set(name, {
        ...(await call<Omit<Delegation, 'name'>>('GET', `/domains/${name}/registrar`)),
        name,
      });
    await internet.delegate([...children.values()]);
  }

  /** Asks a resolver that has nothing in its cache, and validates from the root down. */
  let resolvers = 53;
  async function resolver(): Promise<string> {
    const address = `127.0.1.${++resolvers}`;
    await internet.resolve(address);
    return address;
  }

  function dig(address: string, name: string, type: string): string {
    try {
      return internet.run('dig', '+dnssec', '+time=3', '+tries=2', `@${address}`, name, type);
    } catch {
      // It fails until the resolver listens.
      return '';
    }
  }

  function expectResolved(address: string, when: string): void {
    for (const [name, type] of [
      [customer, 'MX'],
      [`www.${customer}`, 'A'],
      [`nothing.${customer}`, 'A'],
    ] as const)
      expect(dig(address, name, type), `${when}: ${name}`).toMatch(/(NOERROR|NXDOMAIN).*flags:[^;]* ad/s);
  }

  beforeAll(async () => {
    internet = await createInternet();
    box = await startBox({
      prefix: internet.prefix,
      hostname: before,
      ipv4: addresses.box.join(','),
      dns: addresses.box.map((ip) => `${ip}:53`).join(','),
      flags: ['--root-hints', internet.hints],
    });
    await call('POST', '/domains', { name: customer });
    await atRegistrar(before, customer);
  }, 180_000);

  afterAll(async () => {
    await box.stop();
    await internet.close();
  });

  it('leaves no moment in which a domain is not found', { timeout: 420_000 }, async () => {
    const warm = await resolver();
    expectResolved(warm, 'before');

    const settings = await call<Settings>('GET', '/box');
    const { job } = await call<{ job: string }>('PUT', '/box', { ...settings, hostname: after });
    await until(60, async () =>
      (await call<{ state: string }>('GET', `/jobs/${job}`)).state === 'done' ? true : undefined,
    );
    // The parents have nothing new yet.
    expectResolved(warm, 'at once, from caches');
    expectResolved(await resolver(), 'at once');

    await atRegistrar(after);
    const during = await resolver();
    expectResolved(during, 'while the parent of the domain names the old nameservers');
    expect(dig(during, `ns1.${before}`, 'A')).toMatch(/NOERROR.*flags:[^;]* ad.*ANSWER: 2/s);
    expect(dig(during, `ns1.${before}`, 'A')).toContain(addresses.box[0]);
    const leading = await until(150, async () => {
      const [former] = (await call<Settings>('GET', '/box')).formerHostnames;
      return former?.parents ? former : undefined;
    });
    expect(leading).toMatchObject({ hostname: before, until: null });
    expect(leading.parents!.leading + leading.parents!.unknown).toBeGreaterThanOrEqual(2);

    await atRegistrar(customer);
    expectResolved(during, 'when the parent has the new ones, with the old delegation in the cache');
    expectResolved(await resolver(), 'when the parent has the new ones');

    children.delete(before);
    await internet.delegate([...children.values()]);
    // What a person asks with `signpost registrar --refresh` counts, too: again, where a parent is just being started anew.
    const left = await until(150, async () => {
      for (const zone of [before, after, customer])
        await call('GET', `/domains/${zone}/registrar?refresh=true`);
      await call('PUT', '/box', await call('GET', '/box'));
      const [former] = (await call<Settings>('GET', '/box')).formerHostnames;
      return former?.until ?? undefined;
    });
    // The TTL of the delegations in the TLD is an hour; of one that was removed, the usual two days count.
    expect(Date.parse(left)).toBeGreaterThan(Date.now() + 3_500_000);
    expectResolved(during, 'with the old name in caches');

    await call('DELETE', `/box/former-hostnames/${before}`);
    expect(dig(addresses.box[0]!, `ns1.${before}`, 'A')).toContain('REFUSED');
    expectResolved(await resolver(), 'after');
  });
});
