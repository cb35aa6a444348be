import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { readFile, readlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CertificateFile } from '../core/certificate-files.ts';
import { openExportFolder } from './export-folder.ts';

let parent: string;
let folder: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'signpost-export-'));
  folder = join(parent, 'out');
});
afterEach(() => rmSync(parent, { recursive: true }));

const plain = (version: string): CertificateFile[] => [
  { name: 'fullchain.pem', content: `chain ${version}`, secret: false },
];
const withKey = (version: string): CertificateFile[] => [
  ...plain(version),
  { name: 'privkey.pem', content: `key ${version}`, secret: true },
];

async function write(files: CertificateFile[]): Promise<boolean> {
  const names = files.map(({ name }) => name);
  return (await openExportFolder(folder, names)).write(files);
}

const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
const sets = (): string[] => readdirSync(folder).filter((entry) => /^\.signpost-\w{6}$/.test(entry));

describe('an export', () => {
  it('makes the folder, and files that a program can open', async () => {
    folder = join(parent, 'deep/er');
    expect(await write(withKey('1'))).toBe(true);
    expect([read('fullchain.pem'), read('privkey.pem')]).toEqual(['chain 1', 'key 1']);
    expect(statSync(join(folder, 'privkey.pem')).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'fullchain.pem')).mode & 0o044).toBe(0o044);
  });

  it('writes nothing when it is all there', async () => {
    await write(withKey('1'));
    const before = readlinkSync(join(folder, '.signpost-current'));
    expect(await write(withKey('1'))).toBe(false);
    expect(readlinkSync(join(folder, '.signpost-current'))).toBe(before);
  });

  it('replaces all files, and leaves nothing of the last one', async () => {
    await write(plain('1'));
    expect(await write(withKey('1'))).toBe(true);
    expect(await write(withKey('2'))).toBe(true);
    expect([read('fullchain.pem'), read('privkey.pem')]).toEqual(['chain 2', 'key 2']);
    expect(sets()).toEqual([readlinkSync(join(folder, '.signpost-current'))]);
  });

  it('keeps a file of somebody else beside its own', async () => {
    await write(plain('1'));
    writeFileSync(join(folder, 'dhparam.pem'), 'mine');
    await write(plain('2'));
    expect([read('dhparam.pem'), read('fullchain.pem')]).toEqual(['mine', 'chain 2']);
  });

  it('mends what a crash left: no current set, a link that is missing, an old set', async () => {
    await write(withKey('1'));
    rmSync(join(folder, 'privkey.pem'));
    const [young, old] = ['.signpost-young0', '.signpost-old000'].map((name) => join(folder, name));
    for (const path of [young!, old!]) mkdirSync(path);
    utimesSync(old!, 0, 0);
    expect(await write(withKey('1'))).toBe(true);
    expect(read('privkey.pem')).toBe('key 1');
    // That may be of an export which runs now.
    expect(sets().filter((name) => name.startsWith('.signpost-old'))).toEqual([]);
    expect(lstatSync(young!).isDirectory()).toBe(true);
    rmSync(join(folder, '.signpost-current'));
    await expect(write(withKey('2'))).rejects.toThrow('no export put there');
  });

  it('never has a key that does not fit', async () => {
    await write(withKey('0'));
    let done = false;
    const seen = new Set<string>();
    const reader = async (): Promise<void> => {
      while (!done) {
        const set = join(folder, await readlink(join(folder, '.signpost-current')));
        const files = ['fullchain.pem', 'privkey.pem'].map((name) => readFile(join(set, name), 'utf8'));
        // A set that was replaced meanwhile is gone as a whole, or is going.
        const [chain, key] = await Promise.all(files).catch(() => []);
        if (chain === undefined || key === undefined) continue;
        expect(key).toBe(chain.replace('chain', 'key'));
        seen.add(key);
      }
    };
    const readers = [reader(), reader()];
    for (let version = 1; version <= 40; version++) await write(withKey(String(version)));
    done = true;
    await Promise.all(readers);
    expect(seen.size).toBeGreaterThan(5);
  });
});

describe('is refused, and changes nothing', () => {
  it('where there are other things', async () => {
    mkdirSync(folder);
    writeFileSync(join(folder, 'precious'), 'mine');
    await expect(write(plain('1'))).rejects.toThrow(
      /has things in it that no export put there \(.*precious\)/,
    );
    expect(readdirSync(folder)).toEqual(['precious']);
  });

  it.each([
    ['a file', () => writeFileSync(join(folder, 'privkey.pem'), 'mine')],
    ['a link to elsewhere', () => symlinkSync('/etc/ssl/privkey.pem', join(folder, 'privkey.pem'))],
  ])('where %s has the name of one of its own', async (_what, put) => {
    await write(plain('1'));
    put();
    await expect(write(withKey('2'))).rejects.toThrow('was not put there by an export');
    expect(read('fullchain.pem')).toBe('chain 1');
  });

  it('where the current set is elsewhere', async () => {
    mkdirSync(folder);
    symlinkSync('../precious', join(folder, '.signpost-current'));
    await expect(write(plain('1'))).rejects.toThrow('was not put there by an export');
  });

  it('where a key would stay that fits no more', async () => {
    await write(withKey('1'));
    await expect(write(plain('2'))).rejects.toThrow('export with --key');
    expect([read('fullchain.pem'), read('privkey.pem')]).toEqual(['chain 1', 'key 1']);
  });

  it.each(['', '/below'])('where a file has the name of the folder%s', async (below) => {
    writeFileSync(folder, 'mine');
    folder += below;
    await expect(write(plain('1'))).rejects.toThrow(/no folder/);
  });
});
