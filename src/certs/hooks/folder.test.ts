import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { missing } from '../../../test/kit/requires.ts';
import { readHookFolder } from './folder.ts';

const uid = process.getuid!();
const asRoot = missing({ root: true });
let parent: string;
let folder: string;
beforeEach(() => {
  parent = realpathSync(mkdtempSync(join(tmpdir(), 'signpost-hooks-')));
  folder = join(parent, 'hooks/after-certificate.d');
  mkdirSync(folder, { recursive: true, mode: 0o755 });
});
afterEach(() => rmSync(parent, { recursive: true }));

function put(name: string, mode = 0o755): string {
  const path = join(folder, name);
  writeFileSync(path, '#!/bin/sh\n');
  chmodSync(path, mode);
  return path;
}

const names = async (): Promise<string[]> =>
  (await readHookFolder(folder, uid)).hooks.map(({ name }) => name);
const reasons = async (): Promise<string[]> =>
  (await readHookFolder(folder, uid)).refused.map(({ reason }) => reason.replaceAll(parent, ''));

describe('the folder of hooks', () => {
  it('may be missing, or empty', async () => {
    expect(await readHookFolder(folder, uid)).toEqual({ hooks: [], refused: [] });
    expect(await readHookFolder(join(folder, 'none'), uid)).toEqual({ hooks: [], refused: [] });
  });

  it('gives them in the order of their names, without hidden files and copies of editors', async () => {
    for (const name of ['20-b', '10-a', '.swp', '10-a~']) put(name);
    expect(await names()).toEqual(['10-a', '20-b']);
    expect(await reasons()).toEqual([]);
  });

  it.each([
    [0o700, []],
    [0o755, []],
    [0o775, ['can be changed by others than its owner (chmod go-w ']],
    [0o757, ['can be changed by others than its owner (chmod go-w ']],
    [0o644, ['is not executable (chmod +x ']],
  ])('looks at the mode %o of a file', async (mode, refused) => {
    put('hook', mode);
    expect(await reasons()).toEqual(
      refused.map((start) => `/hooks/after-certificate.d/hook ${start}/hooks/after-certificate.d/hook)`),
    );
    expect(await names()).toEqual(refused.length > 0 ? [] : ['hook']);
  });

  it('refuses links and folders, and runs the others', async () => {
    put('good');
    symlinkSync('/bin/true', join(folder, 'link'));
    mkdirSync(join(folder, 'sub'));
    expect(await names()).toEqual(['good']);
    expect(await reasons()).toEqual([
      expect.stringMatching(/link is a symbolic link; /),
      expect.stringMatching(/sub is no file$/),
    ]);
  });

  it.each(['hooks/after-certificate.d', 'hooks'])(
    'refuses all when others may write in %s',
    async (which) => {
      put('hook');
      chmodSync(join(parent, which), 0o777);
      expect(await names()).toEqual([]);
      expect(await reasons()).toEqual([
        `/${which} can be changed by others than its owner (chmod go-w /${which})`,
      ]);
    },
  );

  it('refuses what others may add to, even where they may not rename', async () => {
    chmodSync(folder, 0o1777);
    expect(await reasons()).toHaveLength(1);
  });

  it.skipIf(asRoot)(`refuses what belongs to another user ${asRoot ?? ''}`, async () => {
    chownSync(put('hook'), 4711, 4711);
    expect(await reasons()).toEqual([expect.stringMatching(/hook belongs to the user 4711; /)]);
    chownSync(join(parent, 'hooks'), 4711, 4711);
    expect(await reasons()).toEqual([expect.stringMatching(/hooks belongs to the user 4711; /)]);
    // A box of that user takes its own, and root's.
    expect((await readHookFolder(folder, 4711)).refused).toEqual([]);
  });
});
