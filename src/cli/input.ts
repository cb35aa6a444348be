import { domainToASCII } from 'node:url';
import { CliError } from './error.ts';
import { exitCodes } from './exit-codes.ts';

/** A name as it was typed. @throws CliError usage for what plainly is none, with the name in it */
export function nameIn(text: string, what: string): string {
  const typed = text.trim();
  if (typed === '') throw usage(`Give the name of the ${what}: it is empty.`);
  const found = /^[a-z][a-z0-9+.-]*:\/\//i.test(typed) ? hostOf(typed) : undefined;
  if (found !== undefined) throw usage(`"${typed}" is a URL, not the name of a ${what}: write ${found}.`);
  const mail = /^[^@\s]+@([^@\s]+\.[^@\s]+)$/.exec(typed)?.[1];
  if (mail !== undefined)
    throw usage(`"${typed}" is a mail address, not the name of a ${what}: write ${mail}.`);
  const withMore = /^([^/:\s]+\.[^/:\s]+)(?:\/|:\d+(?:\/|$))/.exec(typed)?.[1];
  if (withMore !== undefined)
    throw usage(`"${typed}" is more than the name of a ${what}: write ${withMore}.`);
  return typed;
}

function hostOf(url: string): string {
  const host = URL.canParse(url) ? new URL(url).hostname : '';
  return host === '' ? 'a name such as example.com' : host;
}

function usage(message: string): CliError {
  return new CliError(message, exitCodes.usage);
}

/**
 * The whole name of an owner that may be relative to the zone, as in a zone file: `@` is the zone itself, `www` is www in it. What ends
 * in the zone's name, or in a dot, is whole. @throws CliError usage for a name that may be meant either way
 */
export async function ownerIn(text: string, zone: string): Promise<string> {
  const typed = nameIn(text, 'record');
  const origin = zone.replace(/\.$/, '');
  if (typed === '@') return origin;
  if (typed.endsWith('.') || isWithin(typed, origin)) return typed;
  if (typed.includes('.') && (await looksWhole(typed)))
    throw usage(
      `${typed} is not in the zone ${origin}. Write ${typed}.${origin} if that is the name you mean, or name the zone that holds ${typed}.`,
    );
  return `${typed}.${origin}`;
}

function isWithin(name: string, zone: string): boolean {
  const [inside, outside] = [comparable(name), comparable(zone)];
  return inside === outside || inside.endsWith(`.${outside}`);
}

/** By labels: what is not a host name label stays as it is, in lower case. */
function comparable(name: string): string {
  return name
    .split(/[.\u3002\uff0e\uff61]/)
    .map((label) => (/^[\x21-\x7e]*$/.test(label) ? label.toLowerCase() : domainToASCII(label) || label))
    .join('.');
}

/** Whether it is a domain that somebody could have registered, or a name in one: `www.example.org`, but not `_dmarc.mail`. */
async function looksWhole(name: string): Promise<boolean> {
  const { parse } = await import('tldts');
  const { isIcann, domain } = parse(name.replace(/^\*\./, ''), { validateHostname: false });
  return isIcann === true && domain !== null;
}
