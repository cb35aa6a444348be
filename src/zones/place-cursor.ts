/*
 * Cursors that name a place by several things: opaque to clients, and no harm when what stood there is gone by the time of the next page.
 */

export function placeCursor(parts: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** What the cursor was made of, if it is one; the caller checks what it is given. */
export function placeParts(cursor: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(value) ? value : [];
  } catch {
    // No JSON: no cursor of ours.
    return [];
  }
}
