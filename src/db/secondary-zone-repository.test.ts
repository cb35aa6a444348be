import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Name } from '../dns/wire/name.ts';
import type { Primary } from '../zones/secondary-zones/store.ts';
import { openDatabase } from './database.ts';
import { secondaryZoneRepository } from './secondary-zone-repository.ts';

test('the addresses of primaries, each once, and the zone that a key signs for', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'secondary-zones-'));
  const database = openDatabase(join(folder, 'box.sqlite'));
  try {
    await database.write((connection) => {
      const rows = secondaryZoneRepository(connection);
      const put = (zone: string, ...primaries: Primary[]): void =>
        rows.putZone({
          name: Name.parse(zone),
          primaries,
          version: undefined,
          createdAt: '2026-01-01T00:00:00Z',
        });
      put('one.example', { address: '192.0.2.1' }, { address: '2001:db8::1' });
      put('two.example', { address: '192.0.2.1', tsigKey: Name.parse('XFR.example') });
      expect(rows.primaryAddresses().sort()).toEqual(['192.0.2.1', '2001:db8::1']);
      expect(rows.signedWith(Name.parse('xfr.Example'))?.toText()).toBe('two.example');
      expect(rows.signedWith(Name.parse('other.example'))).toBeUndefined();
      rows.deleteZone(Name.parse('two.example'));
      expect(rows.signedWith(Name.parse('xfr.example'))).toBeUndefined();
    });
  } finally {
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
