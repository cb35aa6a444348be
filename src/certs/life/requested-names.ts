import { AppError } from '../../core/errors.ts';
import { isHostName, parseOwner } from '../../zones/names.ts';
import type { Reads } from '../../zones/store.ts';
import { zoneOf } from '../../zones/topology.ts';
import type { CertificateName } from '../model.ts';

/** What CAs take in one certificate. */
const MOST = 100;

/**
 * Names as certificates have them, each once, all of zones that the box serves.
 * @throws AppError invalid-request, invalid-name, outside-zone
 */
export function requestedNames(reads: Reads, asked: readonly string[]): CertificateName[] {
  if (asked.length === 0 || asked.length > MOST)
    throw new AppError('invalid-request', `Give 1 to ${MOST} names, such as mail.example.com.`);
  return [...new Set(asked.map((text, index) => checkedName(reads, text, `names[${index}]`)))];
}

function checkedName(reads: Reads, asked: string, path: string): CertificateName {
  const refuse = (code: 'invalid-name' | 'outside-zone', message: string): never => {
    throw new AppError(code, message, { errors: [{ path, message }] });
  };
  const result = parseOwner(asked);
  if (!result.ok) return refuse('invalid-name', result.message);
  const name = result.name.canonical();
  const host = name.isWildcard ? name.parent() : name;
  if (!isHostName(host)) return refuse('invalid-name', `${asked} is not the name of a host.`);
  if (!zoneOf(reads, host))
    return refuse(
      'outside-zone',
      `${asked} is in no zone of the box; add its domain with its DNS here first.`,
    );
  return name.toText();
}
