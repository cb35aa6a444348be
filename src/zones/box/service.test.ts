import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { domain, name, person, startZones, type ZonesBox } from '../../../test/kit/zones-box.ts';

const zone = name('example.com');
let zones: ZonesBox;
beforeEach(async () => {
  zones = await startZones();
  await zones.domains.add(person, domain('example.com'));
});
afterEach(() => zones.close());

const moveTo = (hostname: string) => zones.box.put(person, { ...zones.box.get()!, hostname: name(hostname) });

describe('the hostname of the box', () => {
  it.each([
    ['mail.example.com', 'mail.example.com', 'CNAME', 'old.example.net.'],
    ['mail.example.com', 'ns2.mail.example.com', 'CNAME', 'old.example.net.'],
    ['mail.example.com', 'mail.example.com', 'NS', 'ns.example.net.'],
    ['mail.host.example.com', 'host.example.com', 'DNAME', 'example.net.'],
  ])('does not move to %s while %s has a %s record', async (hostname, owner, type, value) => {
    await zones.records.add(person, zone, [{ owner, type, value }]);
    await expect(moveTo(hostname)).rejects.toMatchObject({
      code: 'record-conflict',
      message: expect.stringContaining(`Your ${type} record at ${owner}`) as string,
    });
    expect(zones.box.get()!.hostname.toText()).toBe('box.example.net');
    await zones.records.remove(person, zone, { owner });
    await moveTo(hostname);
    // The hostname of before answers on.
    expect(zones.origins()).toEqual(['box.example.net', 'example.com']);
  });

  it('moves to a name that has addresses already: the box sets them itself from then on', async () => {
    await zones.records.add(person, zone, [{ owner: 'mail.example.com', type: 'A', value: '198.51.100.9' }]);
    await moveTo('mail.example.com');
    const { items: records } = await zones.domains.records(zone, { limit: 500, cursor: undefined });
    const addresses = records.filter(
      ({ owner, type }) => type === 'A' && owner.toText() === 'mail.example.com',
    );
    expect(addresses).toMatchObject([{ value: '192.0.2.1', source: 'derived' }]);
  });
});
