import { BlockList, isIP } from 'node:net';

/*
 * What gets into nginx's configuration. Both the box and the agent hold each value to these, and render it in one place.
 */

/** Segments of unreserved characters (RFC 3986 §2.3), none of which begins with a dot. */
export const RULE_PATH = /^(?:\/|(?:\/[A-Za-z0-9_~-][A-Za-z0-9._~-]{0,99}){1,8})$/;
/** Without `$` and quotes, of which nginx makes something. */
const REDIRECT = /^https?:\/\/[A-Za-z0-9.:[\]-]{1,270}[A-Za-z0-9:/?#[\]@!&()*+,=%._~-]{0,1500}$/;

/** Addresses of this machine and of networks that are not the internet (RFC 1918, RFC 4193). */
const inside = new BlockList();
inside.addSubnet('127.0.0.0', 8, 'ipv4');
inside.addSubnet('10.0.0.0', 8, 'ipv4');
inside.addSubnet('172.16.0.0', 12, 'ipv4');
inside.addSubnet('192.168.0.0', 16, 'ipv4');
inside.addAddress('::1', 'ipv6');
inside.addSubnet('fc00::', 7, 'ipv6');

/** Whether a redirect may lead there: a URL in its normal form. */
export const isRedirectTarget = (url: string): boolean => REDIRECT.test(url) && normalUrl(url) === url;

/** Whether requests may be handed on there: `http://ADDRESS:PORT`, inside. */
export function isProxyTarget(url: string): boolean {
  const found = /^http:\/\/(?:\[([0-9a-f:]{2,45})\]|([0-9.]{7,15})):(\d{1,5})$/.exec(url);
  const [, ipv6, ipv4, port] = found ?? [];
  const address = ipv6 ?? ipv4 ?? '';
  const family = isIP(address);
  return (
    family !== 0 &&
    inside.check(address, family === 4 ? 'ipv4' : 'ipv6') &&
    Number(port) >= 1 &&
    Number(port) <= 65_535
  );
}

/** As it is kept; undefined: it is none that nginx could be told. */
export function redirectTarget(text: string): string | undefined {
  const url = normalUrl(text.trim());
  return url !== undefined && isRedirectTarget(url) ? url : undefined;
}

/** The same of a proxy. */
export function proxyTarget(text: string): string | undefined {
  const url = /^http:\/\/localhost(:\d{1,5})\/?$/i.exec(text.trim());
  const target = url ? `http://127.0.0.1${url[1]!}` : text.trim().toLowerCase().replace(/\/$/, '');
  return isProxyTarget(target) ? target : undefined;
}

/** Without the slash of a URL that has no path: what is asked for goes on behind it. */
function normalUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { href, origin, protocol, username, password } = new URL(text);
  if (!['http:', 'https:'].includes(protocol) || username !== '' || password !== '') return undefined;
  return href === `${origin}/` ? origin : href;
}
