import { client } from '../query-client.ts';

/** Milliseconds after which it is done, however busy the page is. */
const LATEST = 2000;
/** Milliseconds between two looks whether the page waits for the box. */
const AGAIN = 100;

/**
 * Does something when nothing is waited for any more, or at {@link LATEST}; returns how to wait no more. Safari has no word for a page that rests: there it
 * is soon.
 */
export function whenIdle(act: () => void): () => void {
  const began = performance.now();
  let timer: ReturnType<typeof setTimeout>;
  const look = (): void => {
    if (client.isFetching() > 0 && performance.now() - began < LATEST) timer = setTimeout(look, AGAIN);
    else if (typeof requestIdleCallback === 'function') requestIdleCallback(act, { timeout: LATEST });
    else act();
  };
  timer = setTimeout(look, AGAIN);
  return () => clearTimeout(timer);
}
