import { lazy, Suspense, useEffect, useState } from 'react';
import { willConfirm } from '../parts/confirmation.ts';
import { whenIdle } from '../parts/when-idle.ts';
import { isPaletteKey, openPalette, paletteIsThere } from './open-palette.ts';

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
