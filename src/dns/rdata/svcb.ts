import { FormErr } from '../wire/form-error.ts';
import type { Name } from '../wire/name.ts';
import type { RdataType } from './rdata-type.ts';
import { mandatoryKeys, svcParamForm, SvcParamError, svcParamKey, svcParamName } from './svc-params.ts';
import { quoteText, unescapeText, type RdataTokens } from './tokens.ts';

export interface SvcParam {
  key: number;
  /** Wire form. */
  value: Uint8Array;
}

/** Service binding. https://www.rfc-editor.org/rfc/rfc9460#section-2 */
export interface Svcb {
  /** 0 is AliasMode, anything else ServiceMode with the lowest tried first. */
  priority: number;
  target: Name;
  /** In ascending order of keys, each once. */
  params: SvcParam[];
}

/** SVCB, and HTTPS, which has the same form (RFC 9460 §9). */
export function svcbForm(type: number, name: string): RdataType<Svcb> {
  return {
    type,
    name,
    decode(reader) {
      const value: Svcb = { priority: reader.u16(), target: reader.name(false), params: [] };
      let previous = -1;
      while (reader.remaining > 0) {
        const key = reader.u16();
        // RFC 9460 §2.2: strictly increasing, so that a key twice is refused too.
        if (key <= previous) throw new FormErr('SvcParamKeys are not in ascending order');
        previous = key;
        const param = { key, value: reader.take(reader.u16()) };
        svcParamForm(key)?.print(param.value);
        value.params.push(param);
      }
      const fault = inconsistency(value.params);
      if (fault !== undefined) throw new FormErr(fault);
      return value;
    },
    encode(value, writer) {
      writer.u16(value.priority);
      writer.name(value.target, false);
      for (const param of value.params) {
        writer.u16(param.key);
        writer.u16(param.value.length);
        writer.bytes(param.value);
      }
    },
    parse(tokens) {
      const priority = tokens.u16('priority');
      const target = tokens.domainName('target');
      const params = parseParams(tokens);
      // RFC 9460 §2.4.2: recipients ignore parameters in AliasMode, so writing some is a mistake.
      if (priority === 0 && params.length > 0)
        tokens.fail('with priority 0 (AliasMode) there can be no parameters');
      const fault = inconsistency(params);
      if (fault !== undefined) tokens.fail(fault);
      return { priority, target, params };
    },
    print: (value) => [value.priority, value.target.toString(), ...value.params.map(printParam)].join(' '),
  };
}

/** RFC 9460 §8: what `mandatory` lists must be there; §7.1.1: `no-default-alpn` is only for use with `alpn`. */
function inconsistency(params: readonly SvcParam[]): string | undefined {
  const has = (key: number): boolean => params.some((param) => param.key === key);
  const mandatory = params.filter((param) => param.key === 0).flatMap((param) => mandatoryKeys(param.value));
  const missing = mandatory.find((key) => !has(key));
  if (missing !== undefined) return `mandatory lists ${svcParamName(missing)}, which is not there`;
  return has(2) && !has(1) ? 'no-default-alpn makes sense with alpn only' : undefined;
}

function parseParams(tokens: RdataTokens): SvcParam[] {
  const params: SvcParam[] = [];
  while (!tokens.done) {
    const param = parseParam(tokens);
    if (params.some((other) => other.key === param.key))
      tokens.fail(`parameter ${svcParamName(param.key)} is given twice`);
    params.push(param);
  }
  return params.sort((a, b) => a.key - b.key);
}

/** `key`, `key=value` or `key="value"`; the last comes as two tokens. RFC 9460 §2.1 */
function parseParam(tokens: RdataTokens): SvcParam {
  const { text, quoted } = tokens.next('parameter');
  const equals = text.indexOf('=');
  const word = equals < 0 ? text : text.slice(0, equals);
  const key = quoted ? undefined : svcParamKey(word);
  if (key === undefined) tokens.fail(`"${word}" is no parameter; use a known one or keyNNNNN`);
  const valueIsNext = equals === text.length - 1 && tokens.peek()?.quoted === true;
  const source = valueIsNext ? tokens.word('value') : equals < 0 ? '' : text.slice(equals + 1);
  const octets = unescapeText(source);
  if (!octets) tokens.fail(`parameter ${word} holds an escape that is not \\DDD or \\X`);
  // keyNNNNN gives the wire form as it is, even of a known key.
  const form = svcParamForm(key);
  try {
    if (form?.name === word && form.plain && source.includes('\\'))
      throw new SvcParamError('takes no escapes');
    if (form?.name === word) return { key, value: ownedValue(form.parse(octets)) };
    form?.print(octets);
    return { key, value: ownedValue(octets) };
  } catch (error) {
    if (error instanceof SvcParamError || error instanceof FormErr)
      tokens.fail(`parameter ${word} ${error.message}`);
    throw error;
  }
}

function ownedValue(value: Uint8Array): Uint8Array {
  if (value.length > 0xffff) throw new SvcParamError('is longer than 65535 octets');
  return new Uint8Array(value);
}

function printParam({ key, value }: SvcParam): string {
  const form = svcParamForm(key);
  const text = form ? form.print(value) : value.length > 0 ? quoteText(value) : undefined;
  return text === undefined ? svcParamName(key) : `${svcParamName(key)}=${text}`;
}

export const svcb: RdataType<Svcb> = svcbForm(64, 'SVCB');
