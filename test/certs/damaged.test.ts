import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { certificateRows } from '../../src/certs/store.ts';
import { FakeClock } from '../../src/core/clock.ts';
import { seededRandom } from '../../src/core/random.ts';
import { certificateRow, storedCertificate } from '../kit/certificate-row.ts';
import { openCerts } from '../kit/certs-box.ts';
import { writeRows } from '../kit/work.ts';

it('starts beside a certificate whose key cannot be opened, and serves the next best one for it', async () => {
  const data = mkdtempSync(join(tmpdir(), 'signpost-damaged-'));
  const options = { clock: new FakeClock(), random: seededRandom(1), data, ca: undefined };
  const before = await openCerts(options);
  const names = ['example.com'];
  await writeRows(before.zones.work, certificateRows, (rows) =>
    rows.put({
      ...certificateRow({ names }),
      current: storedCertificate({ names, notAfter: options.clock.now() + 1e9 }),
      sealedKey: Buffer.alloc(60),
    }),
  );
  await before.close();
  const after = await openCerts(options);
  expect(after.installed.forName('example.com').kind).toBe('self-signed');
  await after.certificates.start();
  await after.close();
  rmSync(data, { recursive: true });
});
