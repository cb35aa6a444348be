import { FormErr } from '../wire/form-error.ts';
import { parseIpv4, printIpv4 } from './ipv4.ts';
import { parseIpv6, printIpv6 } from './ipv6.ts';
import { printBase64 } from './octets.ts';
import { quoteText } from './tokens.ts';

/** The text of a SvcParam is wrong; the message goes after the name of the key. */
export class SvcParamError extends Error {
  override readonly name = 'SvcParamError';
}

/** One SvcParamKey with the form of its value. https://www.rfc-editor.org/rfc/rfc9460#section-14.3.2 */
export interface SvcParamForm {
  readonly key: number;
  readonly name: string;
  /** "This SvcParamValue MUST NOT contain escape sequences" (RFC 9460 §7.2, §7.3, §8, RFC 9848). */
  readonly plain?: true;
  /** Presentation value, character-string escapes undone, to wire. @throws SvcParamError */
  parse(value: Uint8Array): Uint8Array;
  /** Wire to presentation value; undefined for a key that stands alone. @throws FormErr when the wire form is wrong */
  print(value: Uint8Array): string | undefined;
}

const latin1 = (octets: Uint8Array): string => Buffer.from(octets).toString('latin1');

/** RFC 9460 Appendix A.1: items with commas between; `\,` and `\\` inside an item. */
function splitValueList(value: Uint8Array): Uint8Array[] {
  const items: number[][] = [[]];
  for (let at = 0; at < value.length; at++) {
    if (value[at] === 0x2c) items.push([]);
    else if (value[at] === 0x5c) {
      const next = value[++at];
      if (next !== 0x2c && next !== 0x5c)
        throw new SvcParamError('has a backslash before no comma or backslash');
      items.at(-1)!.push(next);
    } else items.at(-1)!.push(value[at]!);
  }
  if (items.some((item) => item.length === 0)) throw new SvcParamError('has an empty item');
  return items.map((item) => Uint8Array.from(item));
}

/** A list of items of `size` octets each, all written the same way. */
function fixedList(
  key: number,
  name: string,
  size: number,
  parseItem: (text: string) => Uint8Array | undefined,
  printItem: (octets: Uint8Array) => string,
): SvcParamForm {
  return {
    key,
    name,
    plain: true,
    parse(value) {
      const items = splitValueList(value).map((item) => {
        const octets = parseItem(latin1(item));
        if (!octets) throw new SvcParamError(`does not take "${latin1(item)}"`);
        return octets;
      });
      return Buffer.concat(items);
    },
    print(value) {
      if (value.length === 0 || value.length % size !== 0) throw new FormErr(`${name} has a wrong length`);
      const items: string[] = [];
      for (let at = 0; at < value.length; at += size) items.push(printItem(value.subarray(at, at + size)));
      return items.join(',');
    },
  };
}

/** A key whose value must be empty. */
function standAlone(key: number, name: string): SvcParamForm {
  return {
    key,
    name,
    parse(value) {
      if (value.length > 0) throw new SvcParamError('takes no value');
      return value;
    },
    print(value) {
      if (value.length > 0) throw new FormErr(`${name} takes no value`);
      return undefined;
    },
  };
}

/** The keys that must be understood. https://www.rfc-editor.org/rfc/rfc9460#section-8 */
const mandatory: SvcParamForm = {
  key: 0,
  name: 'mandatory',
  plain: true,
  parse(value) {
    const keys = splitValueList(value).map((item) => {
      const key = svcParamKey(latin1(item));
      if (key === undefined) throw new SvcParamError(`lists "${latin1(item)}", which is no key`);
      return key;
    });
    if (keys.includes(0)) throw new SvcParamError('must not list itself');
    if (new Set(keys).size < keys.length) throw new SvcParamError('lists a key twice');
    return Buffer.concat(keys.sort((a, b) => a - b).map((key) => Uint8Array.of(key >> 8, key & 0xff)));
  },
  print(value) {
    const keys = mandatoryKeys(value);
    if (keys.length === 0) throw new FormErr('mandatory has a wrong length');
    return keys.map(svcParamName).join(',');
  },
};

/** The keys in the wire form of `mandatory`. @throws FormErr unless in ascending order, without itself (key 0) */
export function mandatoryKeys(value: Uint8Array): number[] {
  if (value.length % 2 !== 0) throw new FormErr('mandatory has a wrong length');
  const keys: number[] = [];
  for (let at = 0; at < value.length; at += 2) {
    const key = (value[at]! << 8) | value[at + 1]!;
    if (key <= (keys.at(-1) ?? 0)) throw new FormErr('mandatory keys are not in ascending order');
    keys.push(key);
  }
  return keys;
}

/** Protocol identifiers, each with a length octet before. https://www.rfc-editor.org/rfc/rfc9460#section-7.1 */
const alpn: SvcParamForm = {
  key: 1,
  name: 'alpn',
  parse(value) {
    const ids = splitValueList(value);
    if (ids.some((id) => id.length > 255)) throw new SvcParamError('has an item of more than 255 octets');
    return Buffer.concat(ids.flatMap((id) => [Uint8Array.of(id.length), id]));
  },
  print(value) {
    const ids: string[] = [];
    for (let at = 0; at < value.length; at += value[at]! + 1) {
      const id = value.subarray(at + 1, at + 1 + value[at]!);
      if (id.length === 0 || id.length < value[at]!) throw new FormErr('alpn has a wrong length');
      ids.push(latin1(id).replace(/[\\,]/g, '\\$&'));
    }
    if (ids.length === 0) throw new FormErr('alpn is empty');
    return quoteText(Buffer.from(ids.join(','), 'latin1'));
  },
};

const port: SvcParamForm = {
  key: 3,
  name: 'port',
  plain: true,
  parse(value) {
    const text = latin1(value);
    if (!/^\d{1,5}$/.test(text) || Number(text) > 0xffff)
      throw new SvcParamError(`must be a number from 0 to 65535, not "${text}"`);
    return Uint8Array.of(Number(text) >> 8, Number(text) & 0xff);
  },
  print(value) {
    if (value.length !== 2) throw new FormErr('port has a wrong length');
    return String((value[0]! << 8) | value[1]!);
  },
};

/** Encrypted ClientHello configuration. https://www.rfc-editor.org/rfc/rfc9848 */
const ech: SvcParamForm = {
  key: 5,
  name: 'ech',
  plain: true,
  parse(value) {
    const octets = Buffer.from(latin1(value), 'base64');
    if (octets.length === 0 || octets.toString('base64') !== latin1(value))
      throw new SvcParamError('must be base64');
    return octets;
  },
  print(value) {
    if (value.length === 0) throw new FormErr('ech is empty');
    return printBase64(value);
  },
};

/** URI template of DNS over HTTPS. https://www.rfc-editor.org/rfc/rfc9461#section-5 */
const dohpath: SvcParamForm = {
  key: 7,
  name: 'dohpath',
  parse(value) {
    const text = Buffer.from(value).toString('utf8');
    if (!text.startsWith('/') || !/\{[^}]*\bdns\b[^}]*\}/.test(text))
      throw new SvcParamError(
        'must be a relative URI template with the variable dns, such as /dns-query{?dns}',
      );
    return value;
  },
  print: quoteText,
};

const forms: readonly SvcParamForm[] = [
  mandatory,
  alpn,
  standAlone(2, 'no-default-alpn'),
  port,
  fixedList(4, 'ipv4hint', 4, parseIpv4, printIpv4),
  ech,
  fixedList(6, 'ipv6hint', 16, parseIpv6, printIpv6),
  dohpath,
  standAlone(8, 'ohttp'),
];

const byKey = new Map(forms.map((form) => [form.key, form]));
const byName = new Map(forms.map((form) => [form.name, form.key]));

/** The form of a registered key; undefined for others, whose values are any octets. */
export function svcParamForm(key: number): SvcParamForm | undefined {
  return byKey.get(key);
}

/** `port` or `key3` to 3. RFC 9460 §2.1: no leading zeros; 65535 is "invalid key" (§14.3.2). */
export function svcParamKey(name: string): number | undefined {
  const key = byName.get(name);
  if (key !== undefined) return key;
  const generic = /^key(0|[1-9]\d{0,4})$/.exec(name);
  return generic && Number(generic[1]) < 0xffff ? Number(generic[1]) : undefined;
}

/** Key 8 in its generic form: BIND 9.20 and others do not know `ohttp` yet. */
export function svcParamName(key: number): string {
  if (key === 8) return 'key8';
  return byKey.get(key)?.name ?? `key${key}`;
}
