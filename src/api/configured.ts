import { AppError } from '../core/errors.ts';
import type { ApiContext, ApiMiddleware } from './env.ts';

/** Before the box has a hostname there is nothing to publish: says the call that sets it. */
export const requireHostname: ApiMiddleware = async (c, next) => {
  if (c.var.services.box.get() === undefined) throw notConfigured(c);
  return next();
};

function notConfigured(c: ApiContext): AppError {
  const { ipv4, ipv6 } = c.var.services.box.detectAddresses();
  const addresses = ipv4.length + ipv6.length > 0 ? { ipv4, ipv6 } : { ipv4: ['192.0.2.1'] };
  const body = JSON.stringify({ hostname: 'box.example.com', ...addresses });
  const url = new URL('/api/v1/box', c.req.url).href;
  const call = `curl -X PUT ${url} -H 'Authorization: Bearer TOKEN' -H 'Content-Type: application/json' -d '${body}'`;
  return new AppError('not-configured', `Give the box its hostname and public addresses first: ${call}`);
}
