import { AppError } from '../core/errors.ts';
import { Name, NameError } from '../dns/wire/name.ts';

/*
 * Cursors of lists: opaque to clients, the place of the last item of a page to the service. An item that is gone by the time of the
 * next page is no obstacle.
 */

/** The name after which a list goes on. @throws AppError invalid-request */
export function nameCursor(cursor: string): Name {
  try {
    return Name.parse(cursor);
  } catch (error) {
    if (!(error instanceof NameError)) throw error;
    throw strangeCursor();
  }
}

/** The row id before or after which a list goes on. @throws AppError invalid-request */
export function idCursor(cursor: string): number {
  if (/^[1-9]\d{0,14}$/.test(cursor)) return Number(cursor);
  throw strangeCursor();
}

/** The place in a list that is worked out as a whole. @throws AppError invalid-request */
export function offsetCursor(cursor: string): number {
  if (/^\d{1,9}$/.test(cursor)) return Number(cursor);
  throw strangeCursor();
}

export function strangeCursor(): AppError {
  return new AppError('invalid-request', 'The cursor is none that this list gave out; start without one.');
}
