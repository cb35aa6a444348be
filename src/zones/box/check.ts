import { isIPv4, isIPv6 } from 'node:net';
import { AppError, type FieldError } from '../../core/errors.ts';
import { Name, NameError } from '../../dns/wire/name.ts';
import type { Box } from '../model.ts';
import { parseDomainName } from '../names.ts';

/** RFC 2181 §8. */
const MAX_TTL = 2 ** 31 - 1;
/** The longest that is put before the box's name: a domain of some length in `D._report._dmarc.H` must find room. */
const MAX_HOSTNAME = 128;

/** The box with its names in lower case. @throws AppError with everything that is wrong */
export function checkedBox(box: Box): Box {
  const errors: FieldError[] = [];
  const hostname = hostNameAt('hostname', box.hostname, errors);
  if (hostname.wire.length > MAX_HOSTNAME)
    errors.push({
      path: 'hostname',
      message: `The hostname is too long: ${MAX_HOSTNAME} octets is the limit.`,
    });
  const secondaries = box.secondaries.map((name, i) => hostNameAt(`secondaries[${i}]`, name, errors));
  if (box.ipv4.length + box.ipv6.length === 0)
    errors.push({ path: 'ipv4', message: 'Give at least one public address, IPv4 or IPv6.' });
  box.ipv4.forEach((address, i) => {
    if (!isIPv4(address)) errors.push({ path: `ipv4[${i}]`, message: `${address} is no IPv4 address.` });
  });
  box.ipv6.forEach((address, i) => {
    if (!isIPv6(address)) errors.push({ path: `ipv6[${i}]`, message: `${address} is no IPv6 address.` });
  });
  if (!Number.isInteger(box.ttl) || box.ttl < 0 || box.ttl > MAX_TTL)
    errors.push({ path: 'ttl', message: 'The TTL is seconds, from 0 to 2147483647.' });
  if (errors.length > 0) throw new AppError('invalid-request', errors[0]!.message, { errors });
  return { ...box, hostname, secondaries };
}

function hostNameAt(path: string, name: Name, errors: FieldError[]): Name {
  const checked = parseDomainName(name.toText());
  if (checked.ok) return checked.name.canonical();
  errors.push({ path, message: checked.message });
  return name;
}

/** A box of settings given at the start. @throws AppError */
export function boxOfFlags(hostname: string, ipv4: readonly string[], ipv6: readonly string[]): Box {
  return checkedBox({ ...defaultBox, hostname: parsedName(hostname), ipv4, ipv6 });
}

function parsedName(text: string): Name {
  try {
    return Name.parse(text);
  } catch (error) {
    if (!(error instanceof NameError)) throw error;
    throw new AppError('invalid-name', error.message);
  }
}

/** What a box has that was only told its name and addresses. */
const defaultBox: Omit<Box, 'hostname' | 'ipv4' | 'ipv6'> = {
  adminEmail: undefined,
  ttl: 3600,
  secondaries: [],
  caaIssuer: 'auto',
};
