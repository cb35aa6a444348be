import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededRandom, randomInteger } from '../../core/random.ts';
import { createPool, giveBlock, growPool, poolUsed, takeBlock } from './pool.ts';
import { createSlabMemory, type SlabMemory } from './slab-memory.ts';
import { PAGE, octetOf, slabAt } from './slab.ts';

const LARGEST = 4 * PAGE;

/** Blocks that a test holds, each filled with an octet of its own. */
function holder(memory: SlabMemory) {
  const held: { address: number; octets: number; mark: number }[] = [];
  let marks = 0;
  const bytesOf = ({ address, octets }: { address: number; octets: number }): Uint8Array => {
    const slab = slabAt(memory.pages, address)!;
    const from = octetOf(slab, address);
    return slab.bytes.subarray(from, from + octets);
  };
  return {
    held,
    take(octets: number) {
      const block = { address: memory.take(octets), octets, mark: (marks = (marks % 250) + 1) };
      expect(memory.capacity(block.address)).toBeGreaterThanOrEqual(octets);
      expect(memory.capacity(block.address)).toBeLessThan(octets + 16);
      expect(octetOf(slabAt(memory.pages, block.address)!, block.address) % 16).toBe(0);
      bytesOf(block).fill(block.mark);
      held.push(block);
    },
    give(which: number) {
      const [block] = held.splice(which % held.length, 1);
      if (!block) return;
      this.check(block);
      memory.give(block.address);
    },
    check: (block: { address: number; octets: number; mark: number }) =>
      expect(bytesOf(block).every((octet) => octet === block.mark)).toBe(true),
  };
}

const size = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 400 }) },
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 40_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: LARGEST / 8, max: LARGEST }) },
);
const step = fc.oneof(
  fc.record({ take: size }),
  fc.record({ give: fc.nat(1000) }),
  fc.record({ give: fc.nat(1000) }),
);

describe('slab memory', () => {
  test('blocks never overlap, and all of it comes back', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(step, fc.record({ take: size })), { maxLength: 120 }), (steps) => {
        const memory = createSlabMemory({ largestSlab: LARGEST, spoils: true });
        const blocks = holder(memory);
        for (const each of steps) {
          if ('take' in each) blocks.take(each.take);
          else if (blocks.held.length > 0) blocks.give(each.give);
        }
        blocks.held.forEach(blocks.check);
        while (blocks.held.length > 0) blocks.give(7);
        const { used, slabs } = memory.figures();
        expect(used).toBe(0);
        // One is kept for the next block.
        expect(slabs).toBeLessThanOrEqual(1);
      }),
      { numRuns: 80 },
    );
  });

  test('what is given back can be had again as one block', () => {
    const words = new Uint32Array(new SharedArrayBuffer(PAGE));
    createPool(words, 0, PAGE);
    const whole = takeBlock(words, 0, PAGE - 4096);
    expect(whole).toBeGreaterThan(0);
    giveBlock(words, 0, whole);
    const parts: number[] = [];
    for (let part = takeBlock(words, 0, 300); part !== 0; part = takeBlock(words, 0, 300)) parts.push(part);
    expect(parts.length).toBeGreaterThan(3250);
    // Every second one first: each of the others then has free neighbours on both sides.
    for (const odd of [0, 1]) for (let i = odd; i < parts.length; i += 2) giveBlock(words, 0, parts[i]!);
    expect(poolUsed(words, 0)).toBe(0);
    expect(takeBlock(words, 0, PAGE - 4096)).toBe(whole);
    giveBlock(words, 0, whole);
    expect(() => giveBlock(words, 0, whole)).toThrow('no block is taken');
  });

  test.each([
    ['full', 1000],
    ['with room at its end', 500],
  ])('a copy of a pool that is %s has its blocks in the same places, and more room', (_how, count) => {
    const small = new Uint32Array(new SharedArrayBuffer(PAGE));
    createPool(small, 0, PAGE);
    const blocks = Array.from({ length: count }, () => takeBlock(small, 0, 1024)).filter((one) => one > 0);
    const large = new Uint32Array(new SharedArrayBuffer(2 * PAGE));
    large.set(small, 1000);
    growPool(large, 1000, 1.5 * PAGE);
    expect(takeBlock(large, 1000, PAGE / 2)).toBeGreaterThan(blocks.at(-1)!);
    for (const block of blocks) giveBlock(large, 1000, block);
    expect(poolUsed(large, 1000)).toBe(PAGE / 2 + 16);
    expect(takeBlock(large, 1000, 0.4 * PAGE)).toBeGreaterThan(0);
  });

  test('is little, in few slabs, and larger blocks have slabs of their own, which go with them', () => {
    const made: number[] = [];
    const memory = createSlabMemory({ onSlab: (slab) => made.push(slab.memory.byteLength / PAGE) });
    for (let i = 0; i < 30; i++) memory.take(10_000);
    expect(made).toEqual([1]);
    for (let i = 0; i < 8000; i++) memory.take(10_000);
    expect(made).toEqual([1, 1, 2, 4, 8, 16, 32, 64]);
    const own = memory.take(20 * PAGE);
    expect(made.at(-1)).toBe(21);
    memory.give(own);
    expect(memory.figures().slabs).toBe(8);
    // Somebody may know the pages still.
    const gone = memory.takeGone();
    expect(gone).toHaveLength(21);
    expect(memory.takeGone()).toEqual([]);
    expect(memory.take(20 * PAGE)).toBeGreaterThan(own);
    memory.reusePages(gone);
    expect(memory.take(20 * PAGE)).toBe(own);
  });

  test('tells of the memory of a slab before anything is in it', () => {
    const told: SharedArrayBuffer[] = [];
    const memory = createSlabMemory({
      onMemory(one) {
        expect(new Uint8Array(one).every((octet) => octet === 0)).toBe(true);
        told.push(one);
      },
    });
    for (let i = 0; i < 3; i++) memory.take(0.6 * PAGE);
    memory.take(20 * PAGE);
    expect(told).toEqual(memory.slabs().map((slab) => slab.memory));
  });

  test('versions of typical size that come and go leave few holes', () => {
    const random = seededRandom(1);
    const memory = createSlabMemory({ largestSlab: LARGEST });
    const blocks: { address: number; octets: number }[] = [];
    const take = () => {
      const octets = 7000 + randomInteger(random, 5000);
      return { address: memory.take(octets), octets };
    };
    for (let i = 0; i < 4000; i++) blocks.push(take());
    for (let i = 0; i < 40_000; i++) {
      const which = randomInteger(random, blocks.length);
      const next = take();
      memory.give(blocks[which]!.address);
      blocks[which] = next;
    }
    const live = blocks.reduce((sum, { octets }) => sum + octets, 0);
    expect(memory.figures().octets / live).toBeLessThan(1.25);
  });
});
