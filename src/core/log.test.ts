import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { expect, it } from 'vitest';

it('goes on where the log cannot be written: a full disk breaks nothing else', () => {
  const program = `
    import { createLog } from '${new URL('./log.ts', import.meta.url).href}';
    const log = createLog();
    for (let line = 0; line < 3; line++) log.info('a line');
    process.stdout.write('went on');`;
  const full = openSync('/dev/full', 'w');
  const args = ['--input-type=module', '--eval', program];
  const result = spawnSync(process.execPath, args, { stdio: ['ignore', 'pipe', full], encoding: 'utf8' });
  closeSync(full);
  expect([result.status, result.stdout]).toEqual([0, 'went on']);
});
