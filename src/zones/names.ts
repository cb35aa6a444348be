import { isIPv6 } from 'node:net';
import { domainToASCII, domainToUnicode } from 'node:url';
import { parse as parseSuffix } from 'tldts';
import { Name, NameError } from '../dns/wire/name.ts';

/** A name as the API takes it, or what is wrong with it, said for a person. */
export type NameResult = { ok: true; name: Name } | { ok: false; message: string };

/** UTS #46 §2.3: ideographic and half-width full stops part labels as the ASCII one does. */
const DOTS = /[\u3002\uff0e\uff61]/g;
const PLAIN = /^[\x21-\x7e]*$/;
/** RFC 5890 §2.3.1: letters, digits and inner hyphens. */
const LDH = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/i;

/**
 * Reads the owner of a record: absolute, the final dot left out or not; U-labels become A-labels (UTS #46), underscores, `*` and escapes stay.
 */
export function parseOwner(text: string): NameResult {
  const labels: string[] = [];
  for (const label of text.trim().replace(DOTS, '.').split('.')) {
    const ascii = toAsciiLabel(label);
    if (ascii === undefined)
      return bad(`"${label}" in "${text}" is not a valid internationalised label; check its spelling`);
    labels.push(ascii);
  }
  // RFC 4592 §2.1.1: only then is it a wildcard; elsewhere it matches nothing but itself, which nobody means.
  if (labels.lastIndexOf('*') > 0)
    return bad(`In "${text}" the * must be the first label, as in *.example.com`);
  return parse(labels.join('.'), text);
}

/**
 * Reads the name of a domain that the box shall serve or speak for: host name labels (RFC 1123 §2.1), at least two,
 * not an address, and not a public suffix, under which others register their own domains.
 */
export function parseDomainName(text: string): NameResult {
  const result = parseOwner(text);
  if (!result.ok) return result;
  const problem = domainProblem(result.name);
  return problem === undefined ? result : bad(problem);
}

function domainProblem(name: Name): string | undefined {
  const text = name.toText();
  const labels = text.split('.');
  if (looksLikeAddress(name) || isIPv6(text))
    return `${text} is an IP address; write a domain name such as example.com`;
  if (labels.length < 2)
    return `${text} has only one label; write the whole domain name, such as ${name.isRoot ? 'example' : text}.com`;
  const wrong = labels.find((label) => !isHostLabel(label));
  if (wrong !== undefined)
    return `"${wrong}" in ${text} is not a host name label: only letters, digits and hyphens, with no hyphen at either end`;
  if (isPublicSuffix(text))
    return `${text} is a public suffix, under which people register domains of their own; write your own domain, such as example.${text}`;
  return undefined;
}

/** Whether four numbers, or the last label a number (RFC 3696 §2: no top-level domain is), make it an IPv4 address. */
export function looksLikeAddress(name: Name): boolean {
  return /(^|\.)\d+$/.test(name.toText());
}

/** Whether every label is one of a host (RFC 1123 §2.1). */
export function isHostName(name: Name): boolean {
  return name
    .toText()
    .split('.')
    .every((label) => LDH.test(label));
}

function isHostLabel(label: string): boolean {
  if (!LDH.test(label)) return false;
  // RFC 5890 §2.3.1: hyphens in places three and four are reserved; `xn--` is the one that is in use.
  return !/^..--/.test(label) || isALabel(label);
}

/** Suffixes of registries only: somebody who runs a private one (github.io) may well host it here. */
function isPublicSuffix(text: string): boolean {
  const { isIcann, publicSuffix } = parseSuffix(text);
  return isIcann === true && publicSuffix === text.toLowerCase();
}

/** With U-labels where the A-labels are valid ones, without the final dot: for people. */
export function displayName(name: Name): string {
  return name
    .toText()
    .split('.')
    .map((label) => (isALabel(label) ? domainToUnicode(label) : label))
    .join('.');
}

/** `xn--` and punycode that means something and is what the meaning is written as: anything else is shown as it is. */
function isALabel(label: string): boolean {
  const lower = label.toLowerCase();
  if (!lower.startsWith('xn--')) return false;
  const unicode = domainToUnicode(lower);
  return unicode !== '' && unicode !== lower && toAsciiLabel(unicode) === lower;
}

/**
 * One label by UTS #46 (ToASCII). Node's function is for hosts of URLs: it undoes %41, reads numbers as addresses and refuses what
 * a URL may not hold. So only labels that are not ASCII go through it, and their ASCII part must be plain.
 */
function toAsciiLabel(label: string): string | undefined {
  if (PLAIN.test(label)) return label;
  // eslint-disable-next-line no-control-regex -- all of ASCII but what a host name label is made of
  if (/[\x00-\x7f]/.test(label.replace(/[a-z0-9-]/gi, ''))) return undefined;
  const ascii = domainToASCII(label);
  const single = ascii !== '' && ascii.length <= 63 && /^[a-z0-9-]+$/.test(ascii);
  // A label of digits of other scripts would come back as an IPv4 address, with dots.
  return single && !ascii.startsWith('-') && !ascii.endsWith('-') ? ascii : undefined;
}

function parse(ascii: string, text: string): NameResult {
  if (ascii === '' || ascii === '@' || ascii === '.')
    return bad('Write the whole name, such as www.example.com');
  try {
    return { ok: true, name: Name.parse(ascii) };
  } catch (error) {
    if (error instanceof NameError)
      return bad(`"${text}" is no domain name: ${error.message}; write it as www.example.com`);
    throw error;
  }
}

function bad(message: string): NameResult {
  return { ok: false, message };
}
