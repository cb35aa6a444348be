import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { openDatabase } from './database.ts';

it('lets everybody else have a turn between a large commit and what follows it', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'signpost-database-'));
  const database = openDatabase(join(directory, 'signpost.sqlite'));
  try {
    let others: Promise<void> | undefined;
    const order: string[] = [];
    await database.write(
      ({ sqlite }) => {
        sqlite.exec('CREATE TABLE numbers (number INTEGER)');
        const insert = sqlite.prepare('INSERT INTO numbers VALUES (?)');
        for (let i = 0; i < 5000; i++) insert.run(i);
      },
      () => {
        order.push('committed');
        others = setImmediate().then(() => void order.push('others'));
      },
    );
    order.push('goes on');
    await others;
    expect(order).toEqual(['committed', 'others', 'goes on']);
  } finally {
    await database.close();
    rmSync(directory, { recursive: true });
  }
});
