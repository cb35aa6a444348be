import { AppError } from '../core/errors.ts';
import type { Name } from '../dns/wire/name.ts';

/** What a service found. @throws AppError not-found for nothing */
export function found<T>(value: T | undefined, kind: string, name: Name | string): T {
  if (value !== undefined) return value;
  const text = typeof name === 'string' ? name : name.toText();
  throw new AppError('not-found', `There is no ${kind} ${text} on this box.`);
}
