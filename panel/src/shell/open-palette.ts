let open: (() => void) | undefined;
let wanted = false;

/** The palette says that it is there, and is opened if somebody asked for it before; returns how it says that it is gone. */
export function onOpenPalette(opened: () => void): () => void {
  open = opened;
  if (wanted) opened();
  wanted = false;
  return () => void (open = undefined);
}

/** From when on it listens to its key by itself. */
export const paletteIsThere = (): boolean => open !== undefined;

/** At once, or as soon as it is there. */
export function openPalette(): void {
  if (open) open();
  else wanted = true;
}

/** Ctrl+K, or ⌘K. */
export const isPaletteKey = ({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): boolean =>
  (ctrlKey || metaKey) && !altKey && !shiftKey && key.toLowerCase() === 'k';
