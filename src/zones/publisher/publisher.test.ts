import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  domain,
  name,
  openZones,
  person,
  startZones,
  type ZonesBox,
  type ZonesBoxOptions,
} from '../../../test/kit/zones-box.ts';
import { AppError } from '../../core/errors.ts';
import { Type } from '../../dns/type-codes.ts';
import { zoneRecords } from './node-records.ts';
import type { DataPlane } from './publisher.ts';

const opened: ZonesBox[] = [];
afterEach(async () => {
  for (const zones of opened.splice(0)) await zones.close();
});

async function started(options?: ZonesBoxOptions): Promise<ZonesBox> {
  const zones = await startZones(options);
  opened.push(zones);
  return zones;
}

function rrset(zones: ZonesBox, zone: string, owner: string, type: number) {
  return zones
    .served(zone)
    ?.node(name(owner))
    ?.rrsets.find((one) => one.type === type);
}

describe('publishing', () => {
  it('serves a domain when the call returns, signed', async () => {
    const zones = await started();
    const added = await zones.domains.add(person, domain('example.com'));
    expect(added.zone?.toText()).toBe('example.com');
    expect(zones.origins()).toEqual(['box.example.net', 'example.com']);
    expect(rrset(zones, 'example.com', 'example.com', Type.MX)).toMatchObject({
      rdatas: { length: 1 },
      signatures: { length: 1 },
    });
    expect(zones.domains.get(name('example.com'))?.serial).toBe(added.serial);
  });

  it('tells the zone of H about mail domains and zones that come and go', async () => {
    const zones = await started();
    const report = 'example.com._report._dmarc.box.example.net';
    const signal = '_dsboot.example.com._signal.ns1.box.example.net';
    await zones.domains.add(person, domain('example.com'));
    expect(rrset(zones, 'box.example.net', report, Type.TXT)).toBeDefined();
    expect(rrset(zones, 'box.example.net', signal, Type.CDS)).toBeDefined();
    await zones.domains.update(person, name('example.com'), { mail: false });
    expect(rrset(zones, 'box.example.net', report, Type.TXT)).toBeUndefined();
    expect(rrset(zones, 'box.example.net', signal, Type.CDS)).toBeDefined();
    await zones.domains.remove(person, name('example.com'));
    expect(rrset(zones, 'box.example.net', signal, Type.CDS)).toBeUndefined();
  });

  it('signs only what changed', async () => {
    const zones = await started();
    await zones.domains.add(person, domain('example.com'));
    const signatures = () =>
      new Set(
        [...zoneRecords(zones.served('example.com')!)]
          .filter(({ type }) => type === Type.RRSIG)
          .map(({ rdata }) => Buffer.from(rdata).toString('base64')),
      );
    const before = signatures();
    await zones.records.add(person, name('example.com'), [
      { owner: 'note.example.com', type: 'TXT', value: '"new"' },
    ]);
    const made = [...signatures()].filter((one) => !before.has(one));
    // The TXT, its NSEC, the NSEC before it, the SOA.
    expect(made).toHaveLength(4);
  });

  it('RFC 1995 §2: changes nothing when something fails before the commit', async () => {
    let fails = false;
    const failing = () => {
      if (fails) throw new Error('no certificate store');
      return undefined;
    };
    const zones = await started({ sources: { certificates: failing } });
    fails = true;
    await expect(zones.domains.add(person, domain('example.com'))).rejects.toThrow('no certificate store');
    fails = false;
    expect(zones.domains.get(name('example.com'))).toBeUndefined();
    expect(zones.origins()).toEqual(['box.example.net']);
    await zones.domains.add(person, domain('example.com'));
    expect(zones.origins()).toEqual(['box.example.net', 'example.com']);
  });

  it('waits until the data plane has taken what is committed', async () => {
    let failures = 0;
    const taken: string[] = [];
    const dataPlane: DataPlane = {
      apply({ set }) {
        if (failures-- > 0) return Promise.reject(new Error('a worker is gone'));
        taken.push(`${set.length}`);
        return Promise.resolve();
      },
    };
    const zones = await started({ dataPlane });
    failures = 2;
    await zones.domains.add(person, domain('example.com'));
    expect(failures).toBe(-1);
    // The new zone and H's in one message.
    expect(taken.at(-1)).toBe('2');
  });

  it('RFC 1035 §6.1.2, RFC 1995 §2: keeps what it acknowledged through a restart, without signing', async () => {
    const data = mkdtempSync(join(tmpdir(), 'signpost-publisher-'));
    try {
      const first = await startZones({ data });
      await first.domains.add(person, domain('example.com'));
      await first.zones.update(person, name('example.com'), { denial: 'nsec3' });
      const file = await first.zones.zonefile(name('example.com'), { signed: true });
      await first.close();
      const second = openZones({ data });
      expect(second.origins()).toEqual(['box.example.net', 'example.com']);
      expect(await second.zones.zonefile(name('example.com'), { signed: true })).toBe(file);
      // The key opens again.
      await second.domains.update(person, name('example.com'), { web: false });
      await second.close();
    } finally {
      rmSync(data, { recursive: true, force: true });
    }
  });

  it('goes on with what a change of the box left over', async () => {
    const zones = await started();
    for (let i = 0; i < 15; i++) await zones.domains.add(person, domain(`example${i}.com`));
    const { box } = zones;
    await box.put(person, { ...box.get()!, ipv4: ['198.51.100.1'], hostname: name('mail.example.net') });
    expect(zones.store.read.staleZoneCount()).toBe(0);
    expect(zones.origins()).toContain('mail.example.net');
    // The hostname of before answers on, at the new address.
    expect(zones.origins()).toContain('box.example.net');
    for (let i = 0; i < 15; i++) {
      const address = rrset(zones, `example${i}.com`, `www.example${i}.com`, Type.A)!;
      expect([...address.rdatas[0]!]).toEqual([198, 51, 100, 1]);
    }
  });

  it('says that a box without hostname cannot hold domains', async () => {
    const zones = openZones();
    opened.push(zones);
    const error: unknown = await zones.domains
      .add(person, domain('example.com'))
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AppError);
    expect((error as AppError).code).toBe('not-configured');
  });
});
