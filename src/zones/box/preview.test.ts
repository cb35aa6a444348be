import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { domain, name, person, startZones, type ZonesBox } from '../../../test/kit/zones-box.ts';
import type { Box } from '../model.ts';

let zones: ZonesBox;
beforeEach(async () => {
  zones = await startZones();
  await zones.domains.add(person, domain('example.com'));
});
afterEach(() => zones.close());

const preview = (changes: Partial<Box>) => zones.box.preview({ ...zones.box.get()!, ...changes });

describe('what a change of the box would do', () => {
  it('is nothing for what stays in the box', () => {
    expect(preview({ adminEmail: zones.box.get()!.adminEmail })).toMatchObject({
      zones: 0,
      delegations: false,
      certificates: [],
      steps: [],
    });
  });

  it('is zones alone for a TTL', () => {
    expect(preview({ ttl: 60 })).toMatchObject({ zones: 2, delegations: false, steps: [] });
  });

  it('is glue and registrars for an address', () => {
    const { delegations, glue, steps, certificates } = preview({
      ipv4: ['198.51.100.1', '198.51.100.2'],
      ipv6: [],
    });
    expect(delegations).toBe(true);
    expect(glue.map((one) => [one.name.toText(), one.addresses])).toEqual([
      ['ns1.box.example.net', ['198.51.100.1']],
      ['ns2.box.example.net', ['198.51.100.2']],
    ]);
    expect(steps[1]).toContain('At the registrar of each domain');
    expect(certificates).toEqual([]);
  });

  it('is names, a certificate and old names that answer on for a hostname', async () => {
    const moved = preview({ hostname: name('mail.example.com') });
    expect(moved.nameservers.map((one) => one.toText())).toEqual([
      'ns1.mail.example.com',
      'ns2.mail.example.com',
    ]);
    expect(moved.certificates).toEqual([expect.stringContaining('mail.example.com is ordered')]);
    expect(moved.steps.at(-2)).toContain('remove the delegation of box.example.net itself');
    expect(moved.steps.at(-1)).toContain('signpost box retire box.example.net ends it');

    // What it says is so.
    await zones.box.put(person, { ...zones.box.get()!, hostname: name('mail.example.com') });
    expect(zones.served('box.example.net')!.node(name('ns1.box.example.net'))).toBeDefined();
    const again = preview({ hostname: name('box.example.net') });
    expect(again.steps.join()).not.toContain('remove the delegation');
    await zones.box.put(person, { ...zones.box.get()!, hostname: name('box.example.net') });
    expect(zones.served('example.com')!.node(name('ns1.mail.example.com'))).toBeDefined();
  });

  it('draws a remark on addresses that nobody reaches, and on one for two nameservers', () => {
    const { remarks } = preview({ ipv4: ['10.0.0.1'], ipv6: [] });
    expect(remarks).toEqual([
      expect.stringContaining('10.0.0.1: no address of the public internet'),
      expect.stringContaining('have one address'),
    ]);
    expect(preview({ ipv4: ['9.9.9.9', '149.112.112.112'], ipv6: [] }).remarks).toEqual([]);
    expect(preview({ ipv4: ['9.9.9.9'], ipv6: [], secondaries: [name('ns.example.org')] }).remarks).toEqual(
      [],
    );
  });

  it('is refused as the change itself would be', () => {
    expect(() => preview({ ipv4: [], ipv6: [] })).toThrow('at least one public address');
  });
});
