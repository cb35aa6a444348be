import type { EdnsOption } from '../rdata/opt.ts';
import { FormErr } from '../wire/form-error.ts';

/** EDNS option codes (IANA DNS parameters). */
export const EdnsOptionCode = {
  NSID: 3,
  CLIENT_SUBNET: 8,
  EXPIRE: 9,
  COOKIE: 10,
  TCP_KEEPALIVE: 11,
  PADDING: 12,
  EXTENDED_ERROR: 15,
} as const;

/** Extended DNS Error INFO-CODEs that an authoritative server may give. https://www.rfc-editor.org/rfc/rfc8914#section-5.2 */
export const ExtendedError = {
  OTHER: 0,
  DNSSEC_BOGUS: 6,
  SIGNATURE_EXPIRED: 7,
  NOT_READY: 14,
  BLOCKED: 15,
  PROHIBITED: 18,
  NOT_AUTHORITATIVE: 20,
  NOT_SUPPORTED: 21,
  NETWORK_ERROR: 23,
  INVALID_DATA: 24,
} as const;

export function findOption(options: readonly EdnsOption[], code: number): EdnsOption | undefined {
  return options.find((option) => option.code === code);
}

/** https://www.rfc-editor.org/rfc/rfc8914#section-2 */
export function extendedError(code: number, text = ''): EdnsOption {
  const data = Buffer.concat([Uint8Array.of(code >> 8, code & 0xff), Buffer.from(text, 'utf8')]);
  return { code: EdnsOptionCode.EXTENDED_ERROR, data };
}

/** @throws FormErr */
export function readExtendedError(option: EdnsOption): { code: number; text: string } {
  const { data } = option;
  if (data.length < 2) throw new FormErr('extended error option is too short');
  // RFC 8914 §2: the text may end in a NUL and must be taken without it.
  const text = Buffer.from(data.subarray(2)).toString('utf8').replace(/\0$/, '');
  return { code: (data[0]! << 8) | data[1]!, text };
}

/** A server's own identifier. https://www.rfc-editor.org/rfc/rfc5001#section-2.3 */
export function nsid(identifier: string): EdnsOption {
  return { code: EdnsOptionCode.NSID, data: Buffer.from(identifier, 'utf8') };
}

export interface Cookie {
  /** 8 octets. */
  client: Uint8Array;
  /** 8 to 32 octets. */
  server?: Uint8Array;
}

/** https://www.rfc-editor.org/rfc/rfc7873#section-4 */
export function cookie(value: Cookie): EdnsOption {
  return {
    code: EdnsOptionCode.COOKIE,
    data: Buffer.concat([value.client, value.server ?? new Uint8Array(0)]),
  };
}

/** @throws FormErr for any length but 8 and 16 to 40 (RFC 7873 §5.2.2) */
export function readCookie(option: EdnsOption): Cookie {
  const { data } = option;
  if (data.length !== 8 && (data.length < 16 || data.length > 40))
    throw new FormErr('cookie option has a wrong length');
  const client = data.slice(0, 8);
  return data.length === 8 ? { client } : { client, server: data.slice(8) };
}

/** `length` zero octets. https://www.rfc-editor.org/rfc/rfc7830#section-3 */
export function padding(length: number): EdnsOption {
  return { code: EdnsOptionCode.PADDING, data: new Uint8Array(length) };
}

/** How long the server keeps an idle connection, in units of 100 ms. https://www.rfc-editor.org/rfc/rfc7828#section-3.1 */
export function tcpKeepalive(timeout: number): EdnsOption {
  return { code: EdnsOptionCode.TCP_KEEPALIVE, data: Uint8Array.of(timeout >> 8, timeout & 0xff) };
}

/** Undefined where the option has no timeout, as in a query. @throws FormErr */
export function readTcpKeepalive(option: EdnsOption): number | undefined {
  const { data } = option;
  if (data.length === 0) return undefined;
  if (data.length !== 2) throw new FormErr('TCP keepalive option has a wrong length');
  return (data[0]! << 8) | data[1]!;
}
