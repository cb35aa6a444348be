/** Looks again and again until there is something. @throws Error after `seconds`, with what `why` says */
export async function until<T>(
  seconds: number,
  look: () => Promise<T | undefined>,
  why: () => Promise<string> = () => Promise.resolve('it did not come in time'),
): Promise<T> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > end) throw new Error(await why());
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
