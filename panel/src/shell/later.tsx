import { lazy, Suspense, useEffect, useState } from 'react';
import { willConfirm } from '../parts/confirmation.ts';
import { client } from '../query-client.ts';
import { isPaletteKey, openPalette, paletteIsThere } from './open-palette.ts';

/** Milliseconds after which they come, however busy the page is. */
const LATEST = 2000;
/** Milliseconds between two looks whether the page waits for the box. */
const AGAIN = 100;

const parts = () => import('./later-parts.tsx');
const Parts = lazy(async () => ({ default: (await parts()).LaterParts }));

/** What no page needs to be seen: the palette, the question before what is dangerous, what is told at the edge. It comes when the page rests. */
export function Later() {
  const [wanted, setWanted] = useState(false);
  useEffect(() => {
    const want = (): void => setWanted(true);
    const stopWaiting = whenIdle(want);
    const forget = willConfirm(want);
    const onKey = (event: KeyboardEvent): void => {
      if (!isPaletteKey(event) || paletteIsThere()) return;
      event.preventDefault();
      openPalette();
      want();
    };
    document.addEventListener('keydown', onKey);
    return () => {
      stopWaiting();
      forget();
      document.removeEventListener('keydown', onKey);
    };
  }, []);
  return (
    wanted && (
      <Suspense>
        <Parts />
      </Suspense>
    )
  );
}

/** When nothing is waited for any more, or at {@link LATEST}; returns how to wait no more. Safari has no word for a page that rests: there it is soon. */
function whenIdle(act: () => void): () => void {
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
