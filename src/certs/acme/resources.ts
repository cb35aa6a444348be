import { z } from 'zod';
import { AcmeError } from './problem.ts';
import type { AcmeAuthorization, AcmeOrder, RenewalInfo } from './protocol.ts';

/* The JSON of RFC 8555 §7.1, of which only what an order needs is looked at. A CA is not trusted to be right. */

export interface Directory {
  newNonce: string;
  newAccount: string;
  newOrder: string;
  revokeCert: string;
  keyChange: string;
  /** RFC 9773 §4; undefined when the CA has none. */
  renewalInfo?: string | undefined;
  profiles: string[];
  /** Names by which CAA is to call it, in lower case. */
  caaIdentities: string[];
}

/** RFC 8659 §4.2, issuer-domain-name, of the length of a name at most: what is none must not get into a zone. */
const issuerDomain = /^(?=.{1,253}$)[a-z0-9]+(?:[-.]+[a-z0-9]+)*$/;

const directory = z
  .object({
    newNonce: z.string(),
    newAccount: z.string(),
    newOrder: z.string(),
    revokeCert: z.string(),
    keyChange: z.string(),
    renewalInfo: z.string().optional(),
    meta: z
      .object({
        profiles: z.record(z.string(), z.unknown()).optional(),
        caaIdentities: z.array(z.string().toLowerCase()).optional(),
      })
      .optional(),
  })
  .transform(({ meta, ...urls }) => ({
    ...urls,
    profiles: Object.keys(meta?.profiles ?? {}),
    caaIdentities: (meta?.caaIdentities ?? []).filter((name) => issuerDomain.test(name)),
  }));

const order = z.object({
  status: z.enum(['pending', 'ready', 'processing', 'valid', 'invalid']),
  authorizations: z.array(z.string()),
  finalize: z.string(),
  certificate: z.string().optional(),
  error: z.unknown().optional(),
});

const authorization = z.object({
  identifier: z.object({ value: z.string() }),
  status: z.enum(['pending', 'valid', 'invalid', 'deactivated', 'expired', 'revoked']),
  challenges: z.array(
    z.object({
      type: z.string(),
      url: z.string(),
      status: z.string(),
      token: z.string().optional(),
      error: z.unknown().optional(),
    }),
  ),
});

const renewalInfo = z.object({
  suggestedWindow: z
    .object({ start: z.iso.datetime({ offset: true }), end: z.iso.datetime({ offset: true }) })
    // RFC 9773 §4.2: then it counts for no answer at all.
    .refine(({ start, end }) => Date.parse(start) < Date.parse(end), 'it ends before it begins'),
  explanationURL: z.string().optional().catch(undefined),
});

export function readDirectory(value: unknown): Directory {
  return read(directory, value, 'directory');
}

export function readOrder(value: unknown, url: string, retryAfter: number | undefined): AcmeOrder {
  const { certificate, error, ...rest } = read(order, value, 'order');
  return { ...rest, url, certificate, error, retryAfter };
}

export function readAuthorization(value: unknown, retryAfter: number | undefined): AcmeAuthorization {
  const { identifier, status, challenges } = read(authorization, value, 'authorization');
  const found = challenges.find(({ type }) => type === 'dns-01');
  const challenge =
    found?.token === undefined ? undefined : { ...found, token: found.token, error: found.error };
  return { name: identifier.value.toLowerCase(), status, challenge, retryAfter };
}

export function readRenewalInfo(value: unknown, retryAfter: number | undefined): RenewalInfo {
  const { suggestedWindow, explanationURL } = read(renewalInfo, value, 'renewal information');
  return { ...suggestedWindow, explanation: explanationURL, retryAfter };
}

function read<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const detail = `the ${what} is not as RFC 8555 has it: ${z.prettifyError(result.error)}`;
  throw new AcmeError({ type: 'malformedAnswer', detail, retryAt: undefined });
}
