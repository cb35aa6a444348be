import koffi from 'koffi';
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { HUGE_PAGE, useHugePages } from './huge-pages.ts';

/** What the kernel was told of the mapping that holds this address (proc(5), `VmFlags`). */
function flagsAt(address: number): string[] {
  let within = false;
  for (const line of readFileSync('/proc/self/smaps', 'utf8').split('\n')) {
    const range = /^([0-9a-f]+)-([0-9a-f]+) /.exec(line);
    if (range) within = address >= parseInt(range[1]!, 16) && address < parseInt(range[2]!, 16);
    else if (within && line.startsWith('VmFlags:')) return line.split(' ').slice(1);
  }
  throw new Error('no mapping has this address');
}

/** A kernel may be built without them. */
const reason = existsSync('/sys/kernel/mm/transparent_hugepage')
  ? undefined
  : 'needs huge pages in the kernel';

test.skipIf(reason).each([
  ['shared', new SharedArrayBuffer(4 * HUGE_PAGE)],
  ['of one thread', new ArrayBuffer(4 * HUGE_PAGE)],
])(`all of a memory %s is to have huge pages ${reason ?? ''}`, (_, memory) => {
  const start = Number(koffi.address(memory));
  const middle = start + 2 * HUGE_PAGE;
  expect(flagsAt(middle)).not.toContain('hg');
  expect(useHugePages(memory)).toBe(true);
  expect(flagsAt(middle)).toContain('hg');
  expect(flagsAt(start + memory.byteLength - HUGE_PAGE)).toContain('hg');
  new Uint8Array(memory).fill(1);
  expect(new Uint8Array(memory).every((octet) => octet === 1)).toBe(true);
});

test('a memory in which no huge page has room is left as it is', () => {
  expect(useHugePages(new SharedArrayBuffer(HUGE_PAGE - 1))).toBe(false);
});
