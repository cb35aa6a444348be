import koffi from 'koffi';

/** madvise(2). */
const MADV_HUGEPAGE = 14;
/** Octets that mmap(2) and madvise(2) count in. */
const SMALL_PAGE = 4096;
/** Octets of a huge page, on x86-64 and on arm64 with pages of 4 KiB. */
export const HUGE_PAGE = 2 * 1024 * 1024;

let madvise: ((address: number, octets: number, advice: number) => number) | undefined;

/**
 * Asks the kernel to give this memory in pages of 2 MiB, when it is first written: who reads here and there in it then finds most
 * addresses in the processor's table of pages, for which it else has to walk through that of the kernel. Where all programs get them, or none may, nothing
 * changes. False where it cannot be asked, or where no such page has room.
 */
export function useHugePages(memory: ArrayBufferLike): boolean {
  if (process.platform !== 'linux' || memory.byteLength < HUGE_PAGE) return false;
  try {
    madvise ??= koffi.load(null).func('int madvise(uintptr_t address, size_t octets, int advice)');
    const start = Number(koffi.address(memory));
    const first = Math.ceil(start / SMALL_PAGE) * SMALL_PAGE;
    const octets = Math.floor((start + memory.byteLength - first) / SMALL_PAGE) * SMALL_PAGE;
    return madvise(first, octets, MADV_HUGEPAGE) === 0;
  } catch {
    return false;
  }
}
