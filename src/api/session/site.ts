import type { Site } from '../../access/people/passkeys.ts';
import type { ApiContext } from '../env.ts';

/**
 * The site that a passkey is for: the box's own host name over HTTPS, or `localhost`, which browsers trust without (by a tunnel). Undefined at any
 * other address, for which browsers make none, or which anybody could have a browser believe to be the box.
 */
export function passkeySite(c: ApiContext): Site | undefined {
  const authority = c.req.header('host')?.toLowerCase() ?? new URL(c.req.url).host;
  const host = authority.replace(/:\d+$/, '');
  const hostname = c.var.services.box.get()?.hostname.canonical().toText();
  if (c.var.secure && host === hostname) return { host, origin: `https://${authority}` };
  if (host === 'localhost') return { host, origin: `${c.var.secure ? 'https' : 'http'}://${authority}` };
  return undefined;
}
