import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { domain, name, openZones, person, startZones, type ZonesBox } from '../../../test/kit/zones-box.ts';
import { FakeClock } from '../../core/clock.ts';
import { printRdata, typeCode } from '../../dns/rdata/registry.ts';
import type { DelegationResult, Iterator } from '../../dns/client/resolve.ts';
import type { Name } from '../../dns/wire/name.ts';
import type { SignpostEvent } from '../../work/events.ts';
import { auditRows } from '../../work/audit.ts';
import { createFormerHostnames, type FormerHostnames } from './service.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Of time that passes without a look at what comes of it. */
const STEP = 5 * MINUTE;

let clock: FakeClock;
let zones: ZonesBox;
let former: FormerHostnames;
/** What parents have: the nameservers by zone; a zone that is not here is not delegated. */
let parents: Map<string, string[]>;
let asked: string[];
let reachable: boolean;
let ttl: number;

const iterator: Iterator = {
  delegation(zone) {
    asked.push(zone.toText());
    return Promise.resolve(answerFor(zone));
  },
};

function answerFor(zone: Name): DelegationResult {
  const parent = { zone: zone.parent(), nameservers: [] };
  const server = { name: name('ns.parent.example'), address: '192.0.2.53', port: 53 };
  const servers = parents.get(zone.toText());
  if (!reachable) return { kind: 'failed', detail: 'nobody answers' };
  if (!servers) return { kind: 'not-delegated', reason: 'nxdomain', zone, parent, server };
  const nameservers = servers.map((text) => ({ name: name(text), addresses: [] }));
  const rest = { source: 'referral' as const, ds: [], dsSignatures: [], server };
  return { kind: 'delegated', zone, parent, nameservers, ttl, ...rest };
}

const open = (): FormerHostnames => {
  const { work, publisher, events, log } = zones;
  return createFormerHostnames({ work, publisher, iterator, events, clock, log });
};

beforeEach(async () => {
  clock = new FakeClock();
  parents = new Map();
  asked = [];
  reachable = true;
  ttl = 2 * 3600;
  zones = await startZones({ clock });
  former = open();
  former.start();
});
afterEach(async () => {
  await stopped();
  await zones.close();
});

/** Time goes on while it waits for its turn. */
async function stopped(): Promise<void> {
  const state = { done: false };
  const stopping = former.stop().then(() => (state.done = true));
  while (!state.done) await passes(5000);
  await stopping;
}

/** Lets time pass, and what is begun in it come to its end. */
async function passes(milliseconds: number): Promise<void> {
  for (let left = milliseconds; left > 0; left -= STEP) {
    await clock.advance(Math.min(left, STEP));
    for (let i = 0; i < 6; i++) await setImmediate();
  }
}

const delegate = (zone: string, hostname: string): void =>
  void parents.set(zone, [`ns1.${hostname}`, `ns2.${hostname}`]);

const moveTo = (hostname: string) => zones.box.put(person, { ...zones.box.get()!, hostname: name(hostname) });

/** What is served at a name, in the form of a zone file; undefined: nothing. */
function served(zone: string, owner: string, type: string): string[] | undefined {
  const code = typeCode(type)!;
  const rrsets = zones.served(zone)?.node(name(owner))?.rrsets ?? [];
  return rrsets
    .find((rrset) => rrset.type === code)
    ?.rdatas.map((rdata) => printRdata(code, rdata))
    .sort();
}

const hostnames = (): string[] => former.list().map(({ hostname }) => hostname.toText());

function follow(type: SignpostEvent['type']): SignpostEvent['data'][] {
  const told: SignpostEvent['data'][] = [];
  zones.events.subscribe(undefined, (event) => event.type === type && told.push(event.data));
  return told;
}

describe('a hostname of before', () => {
  it('answers on in its own zone, signed, and as the zone that its parent leads to', async () => {
    await moveTo('mail.example.org');
    expect(zones.origins()).toEqual(['box.example.net', 'mail.example.org']);
    for (const owner of ['box.example.net', 'ns1.box.example.net', 'ns2.box.example.net']) {
      expect(served('box.example.net', owner, 'A')).toEqual(['192.0.2.1']);
      expect(served('box.example.net', owner, 'AAAA')).toEqual(['2001:db8::1']);
      const node = zones.served('box.example.net')!.node(name(owner))!;
      expect(node.rrsets.every(({ signatures }) => signatures.length > 0)).toBe(true);
    }
    expect(served('box.example.net', 'box.example.net', 'NS')).toEqual([
      'ns1.box.example.net.',
      'ns1.mail.example.org.',
      'ns2.box.example.net.',
      'ns2.mail.example.org.',
    ]);
    // Mail to it is taken at the name of today.
    expect(served('box.example.net', 'box.example.net', 'MX')).toEqual(['10 mail.example.org.']);
    expect(served('box.example.net', '_25._tcp.box.example.net', 'TLSA')).toBeUndefined();
  });

  it('answers in the zone of a domain, too, beside what the person has there', async () => {
    await zones.domains.add(person, domain('example.net'));
    await moveTo('mail.example.org');
    expect(zones.origins()).toEqual(['example.net', 'mail.example.org']);
    expect(served('example.net', 'ns1.box.example.net', 'A')).toEqual(['192.0.2.1']);
    expect(served('example.net', 'example.net', 'NS')).toEqual([
      'ns1.mail.example.org.',
      'ns2.mail.example.org.',
    ]);
    const { items } = await zones.domains.records(name('example.net'), { limit: 500, cursor: undefined });
    expect(items.find(({ owner }) => owner.equals(name('ns1.box.example.net')))).toMatchObject({
      source: 'derived',
      why: expect.stringContaining('had this name before') as string,
    });
    await expect(
      zones.records.add(person, name('example.net'), [
        { owner: 'ns1.box.example.net', type: 'A', value: '198.51.100.1' },
      ]),
    ).rejects.toThrow('retire the former hostname');
  });

  it('gets the addresses that the box has later', async () => {
    await moveTo('mail.example.org');
    await zones.box.put(person, { ...zones.box.get()!, ipv4: ['198.51.100.9'] });
    expect(served('box.example.net', 'ns1.box.example.net', 'A')).toEqual(['198.51.100.9']);
    expect(hostnames()).toEqual(['box.example.net']);
  });

  it('goes when all parents were seen without it and caches have forgotten it', async () => {
    const retired = follow('hostname.retired');
    delegate('box.example.net', 'box.example.net');
    delegate('example.com', 'box.example.net');
    await zones.domains.add(person, domain('example.com'));
    await moveTo('mail.example.org');
    await passes(MINUTE);
    expect(former.list()).toMatchObject([
      { parents: { zones: 3, leading: 2, unknown: 0, some: [{}, {}] }, until: undefined },
    ]);

    // Weeks may pass.
    await passes(5 * HOUR);
    expect(hostnames()).toEqual(['box.example.net']);
    delegate('example.com', 'mail.example.org');
    await passes(HOUR);
    expect(former.list()).toMatchObject([{ parents: { leading: 1 }, until: undefined }]);
    parents.delete('box.example.net');
    await passes(HOUR);
    const [left] = former.list();
    expect(left).toMatchObject({ parents: { leading: 0, unknown: 0 } });
    expect(left!.until).toBeDefined();
    // mail.example.org is not delegated at all, and box.example.net no more: for them the usual two days count.
    await passes(45 * HOUR);
    expect(served('box.example.net', 'ns1.box.example.net', 'A')).toEqual(['192.0.2.1']);
    await passes(3 * HOUR);
    expect(hostnames()).toEqual([]);
    expect(zones.origins()).toEqual(['example.com', 'mail.example.org']);
    expect(retired).toMatchObject([{ hostname: 'box.example.net' }]);
    const audited = zones.work.committed.rows(auditRows).audit(undefined, 20, {});
    expect(audited.find(({ action }) => action === 'hostname.retire')).toMatchObject({
      target: 'box.example.net',
      actor: { name: 'former hostnames' },
    });
  });

  it('stays while a parent cannot be asked', async () => {
    reachable = false;
    await moveTo('mail.example.org');
    await passes(60 * HOUR);
    expect(former.list()).toMatchObject([{ parents: { leading: 0, unknown: 2 }, until: undefined }]);
    expect(zones.origins()).toContain('box.example.net');
  });

  it('waits anew when a parent names it again, and for domains that are added meanwhile', async () => {
    await moveTo('mail.example.org');
    await passes(HOUR);
    expect(former.list()[0]!.until).toBeDefined();
    delegate('example.com', 'box.example.net');
    await zones.domains.add(person, domain('example.com'));
    await passes(60 * HOUR);
    expect(former.list()).toMatchObject([{ parents: { leading: 1 }, until: undefined }]);
    delegate('example.com', 'mail.example.org');
    await passes(50 * HOUR);
    expect(hostnames()).toEqual([]);
  });

  it('waits for the longest TTL that a delegation has', async () => {
    ttl = 6 * 86_400;
    delegate('mail.example.org', 'mail.example.org');
    delegate('box.example.net', 'mail.example.org');
    await moveTo('mail.example.org');
    await passes(5 * 24 * HOUR);
    expect(hostnames()).toEqual(['box.example.net']);
    await passes(25 * HOUR);
    expect(hostnames()).toEqual([]);
  });

  it('asks no parent again that was seen without it', async () => {
    delegate('example.com', 'mail.example.org');
    delegate('example.org', 'box.example.net');
    await zones.domains.add(person, domain('example.com'));
    await zones.domains.add(person, domain('example.org'));
    await moveTo('mail.example.org');
    await passes(2 * HOUR);
    const times = (zone: string) => asked.filter((one) => one === zone).length;
    expect(times('example.com')).toBe(1);
    expect(times('example.org')).toBeGreaterThan(2);
    // Nor after a restart.
    await stopped();
    former = open();
    former.start();
    await passes(HOUR);
    expect(times('example.com')).toBe(1);
    expect(former.list()).toMatchObject([{ parents: { zones: 3, leading: 1, unknown: 0 } }]);
  });

  it('is one of several, each of which goes by itself', async () => {
    delegate('example.com', 'box.example.net');
    await zones.domains.add(person, domain('example.com'));
    await moveTo('mail.example.org');
    await moveTo('mx.example.org');
    expect(hostnames()).toEqual(['box.example.net', 'mail.example.org']);
    expect(zones.origins()).toEqual(['box.example.net', 'example.com', 'mail.example.org', 'mx.example.org']);
    delegate('example.com', 'mail.example.org');
    await passes(50 * HOUR);
    expect(hostnames()).toEqual(['mail.example.org']);
    delegate('example.com', 'mx.example.org');
    await passes(50 * HOUR);
    expect(hostnames()).toEqual([]);
    expect(zones.origins()).toEqual(['example.com', 'mx.example.org']);
  });

  it('is the hostname again when the box goes back, and the other one is then former', async () => {
    await moveTo('mail.example.org');
    await moveTo('box.example.net');
    expect(hostnames()).toEqual(['mail.example.org']);
    expect(served('box.example.net', 'box.example.net', 'NS')).toEqual([
      'ns1.box.example.net.',
      'ns2.box.example.net.',
    ]);
    expect(served('mail.example.org', 'ns1.mail.example.org', 'A')).toEqual(['192.0.2.1']);
  });

  it('may become a domain, and stays one when it is former no more', async () => {
    await moveTo('mail.example.org');
    await zones.domains.add(person, domain('box.example.net'));
    expect(served('box.example.net', 'box.example.net', 'NS')).toEqual([
      'ns1.mail.example.org.',
      'ns2.mail.example.org.',
    ]);
    expect(served('box.example.net', 'ns1.box.example.net', 'A')).toEqual(['192.0.2.1']);
    await former.retire(person, name('box.example.net'));
    expect(zones.origins()).toEqual(['box.example.net', 'mail.example.org']);
    expect(served('box.example.net', 'ns1.box.example.net', 'A')).toBeUndefined();
    expect(served('box.example.net', 'www.box.example.net', 'A')).toEqual(['192.0.2.1']);
  });

  it('ends when it is asked for, whatever parents have', async () => {
    delegate('box.example.net', 'box.example.net');
    await moveTo('mail.example.org');
    await former.retire(person, name('box.example.net'));
    expect(zones.origins()).toEqual(['mail.example.org']);
    await expect(former.retire(person, name('box.example.net'))).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('outlives a restart', async () => {
    delegate('example.com', 'box.example.net');
    await zones.domains.add(person, domain('example.com'));
    await moveTo('mail.example.org');
    await stopped();
    const { data } = zones;
    await zones.jobs.stop();
    const again = openZones({ data, clock });
    expect(again.box.get()!.formerHostnames).toMatchObject([{ since: Date.UTC(2026, 0, 1) }]);
    expect(again.origins()).toContain('box.example.net');
    await again.close();
  });
});
