/** Milliseconds between two looks. */
const SHORTEST = 50;
const LONGEST = 1000;
/** As many times as a look takes: one that starts programs leaves the machine to what it waits for. */
const SHARE = 3;

/** Looks again and again until there is something. @throws Error after `seconds`, with what `why` says */
export async function until<T>(
  seconds: number,
  look: () => Promise<T | undefined>,
  why: () => Promise<string> = () => Promise.resolve('it did not come in time'),
): Promise<T> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const looked = performance.now();
    const found = await look();
    if (found !== undefined) return found;
    const now = performance.now();
    if (now > end) throw new Error(await why());
    const pause = Math.min(LONGEST, Math.max(SHORTEST, SHARE * (now - looked)));
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
