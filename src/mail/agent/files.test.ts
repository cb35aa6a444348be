import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeWhole } from './files.ts';

test('a settled file looks as if it had been there for some seconds, and another one does not', () => {
  const folder = mkdtempSync(join(tmpdir(), 'signpost-files-'));
  try {
    const ages = [true, false].map((settled) => {
      const path = join(folder, `${settled}`);
      writeWhole(path, {
        content: Buffer.from('x'),
        mode: 0o644,
        uid: process.getuid!(),
        gid: process.getgid!(),
        settled,
      });
      const { mtimeMs, ctimeMs } = statSync(path);
      return Math.round((ctimeMs - mtimeMs) / 1000);
    });
    expect(ages).toEqual([5, 0]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
