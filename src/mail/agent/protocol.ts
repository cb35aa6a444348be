import { z } from 'zod';
import { type Detected, type DriverName, driverNames } from '../drivers/driver.ts';
import { isProxyTarget, isRedirectTarget, RULE_PATH } from '../web/rules.ts';
import { MOST_RULES, MOST_SITES } from '../web/store.ts';
import type { KeyMark } from '../dkim/store.ts';
import type { DomainKeys, MailModel } from '../drivers/model.ts';
import { type LogTail, MOST_LINES } from './log-tail.ts';
import {
  QUEUE_ID,
  type QueueAction,
  type QueueChoice,
  type QueuePart,
  type QueueQuery,
} from './queued-message.ts';
import { MAILBOX_ADDRESS, type MailboxUsage, MOST_ADDRESSES } from './usage.ts';

/** What the agent is asked, a line of JSON each. There is no other request. */
export type AgentRequest =
  | { do: 'status' }
  | { do: 'plan'; model: MailModel }
  /** `replaceEdited`: a person has seen the difference and lets go of what they wrote by hand. */
  | { do: 'apply'; model: MailModel; replaceEdited: boolean }
  /** Which change the DKIM keys were brought to last. */
  | { do: 'keys' }
  | PutKeys
  /** What Postfix did not hand on yet. */
  | { do: 'queue'; query: QueueQuery }
  /** Without a choice: all that waits is tried now. */
  | { do: 'queue-act'; action: QueueAction; choice?: QueueChoice | undefined }
  /** What these mailboxes hold. */
  | { do: 'usage'; addresses: readonly string[] }
  /** What a server logged last. */
  | { do: 'log'; server: DriverName; lines: number };

/** The DKIM keys of some domains. */
export interface PutKeys {
  do: 'put-keys';
  /** `changed`: others stay. `first`, `more`, …, `last`: all there are; those of domains that were in none of these requests go. */
  part: 'changed' | 'first' | 'more' | 'last';
  domains: DomainKeys[];
  /** What this brings them to; null: there is more to come. */
  at: KeyMark | null;
}

export interface FileChange {
  path: string;
  kind: 'create' | 'change' | 'remove';
  /** By hand, since Signpost wrote it. */
  edited: boolean;
  /** Not shown. */
  secret: boolean;
  /** Unified. */
  diff?: string;
}

export interface DriverStatus {
  name: DriverName;
  detected: Detected;
  /** Whether Signpost has configured it before. */
  managed: boolean;
  running: boolean;
  /** What is wrong. */
  problem?: string;
}

export interface DriverPlan extends DriverStatus {
  changes: FileChange[];
}

export interface DriverResult {
  name: DriverName;
  outcome: 'unchanged' | 'applied' | 'refused' | 'rolled-back';
  /** Why it was refused or rolled back, or what was kept where. */
  detail?: string;
  /** Additions of a person's own that the daemon does not take, and why; the rest goes on without them. In `detail`, too. */
  refused?: string[];
}

/** A line of JSON, after each request. */
export type AgentAnswer =
  | { ok: true; status: DriverStatus[] }
  | { ok: true; plan: DriverPlan[]; install?: string }
  | { ok: true; results: DriverResult[] }
  /** null: nobody knows, send all of them. */
  | { ok: true; keys: KeyMark | null }
  | { ok: true; queue: QueuePart }
  /** To how many messages it was done; 0 where it was done to all that wait. */
  | { ok: true; messages: number }
  /** Without those of which Dovecot does not know, or did not say it in time. */
  | { ok: true; usage: MailboxUsage[] }
  | { ok: true; log: LogTail }
  /** A sentence. */
  | { ok: false; problem: string };

/** Octets of a request. */
export const LONGEST_REQUEST = 16 * 1024 * 1024;

const label = '[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?';
const domain = z
  .string()
  .max(253)
  .regex(new RegExp(`^${label}(\\.${label})*$`));
const pem = (type: string) =>
  z
    .string()
    .regex(new RegExp(`^(-----BEGIN ${type}-----\\n([A-Za-z0-9+/=]{1,76}\\n)+-----END ${type}-----\\n)+$`));

const port = z.int().min(1).max(65535);
const score = z.number().min(0.1).max(1000);

const webRule = z
  .strictObject({
    path: z.string().regex(RULE_PATH),
    kind: z.enum(['redirect', 'permanent-redirect', 'proxy']),
    to: z.string().max(2000),
  })
  .refine(({ kind, to }) => (kind === 'proxy' ? isProxyTarget(to) : isRedirectTarget(to)));
const site = z.strictObject({
  domain,
  hsts: z.strictObject({ seconds: z.int().min(0), subdomains: z.boolean() }).optional(),
  rules: z
    .array(webRule)
    .max(MOST_RULES)
    .refine((rules) => new Set(rules.map(({ path }) => path)).size === rules.length),
});

/**
 * A model is what gets into files that root owns: each value is held to what it may consist of, so that none of them can say anything
 * else to a daemon.
 */
const model = z.strictObject({
  hostname: domain,
  directory: z
    .string()
    .regex(/^\/[\w./@+-]{1,200}$/)
    .refine((path) => !path.split('/').includes('..')),
  nameserver: z.strictObject({ zone: domain, address: z.union([z.ipv4(), z.ipv6()]), port }).optional(),
  certificate: z.strictObject({ chain: pem('CERTIFICATE'), key: pem('(EC |RSA )?PRIVATE KEY') }),
  settings: z.strictObject({
    messageSizeLimit: z
      .int()
      .min(1024 * 1024)
      .max(2 ** 31 - 1),
    relay: z
      .strictObject({
        ...{ host: domain, port },
        credentials: z
          .strictObject({
            user: z.string().regex(/^[!-9;-~]{1,255}$/),
            password: z.string().regex(/^[!-~]([ -~]{0,253}[!-~])?$/),
          })
          .optional(),
      })
      .optional(),
    greylisting: z.boolean(),
    scores: z.strictObject({ junk: score, reject: score }),
    redisPassword: z.string().regex(/^[\w-]{16,128}$/),
  }),
  filters: z
    .array(z.strictObject({ domain, scores: z.strictObject({ junk: score, reject: score }).optional() }))
    .max(1000),
  web: z
    .strictObject({
      api: z.string().regex(/^http:\/\/([\d.]{7,15}|\[[\da-f:.]{2,45}\]):\d{1,5}$/),
      sessionKey: z.string().regex(/^[\w-]{32}$/),
      sites: z.array(site).max(MOST_SITES),
    })
    .optional(),
});

const domainKeys = z.strictObject({
  domain,
  keys: z
    .array(
      z.strictObject({
        selector: z.string().regex(/^[a-z0-9]{1,63}$/),
        algorithm: z.enum(['rsa', 'ed25519']),
        privateKey: pem('PRIVATE KEY'),
      }),
    )
    .max(8),
});

const queueId = z.string().regex(QUEUE_ID);
const keyMark = z.strictObject({ sequence: z.int().min(0), mark: z.string().max(64) });

const request = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('status') }),
  z.strictObject({ do: z.literal('plan'), model }),
  z.strictObject({ do: z.literal('apply'), model, replaceEdited: z.boolean() }),
  z.strictObject({ do: z.literal('keys') }),
  z.strictObject({
    do: z.literal('put-keys'),
    part: z.enum(['changed', 'first', 'more', 'last']),
    domains: z.array(domainKeys).max(1000),
    at: keyMark.nullable(),
  }),
  z.strictObject({
    do: z.literal('queue'),
    query: z.strictObject({
      domain: domain.optional(),
      // These are compared alone: no program is given them.
      address: z.string().max(254).optional(),
      reason: z.string().max(254).optional(),
      after: z.strictObject({ at: z.number(), id: queueId }).optional(),
      limit: z.int().min(1).max(500),
    }),
  }),
  z
    .strictObject({
      do: z.literal('queue-act'),
      action: z.enum(['hold', 'release', 'requeue', 'delete', 'retry']),
      choice: z.union([z.strictObject({ id: queueId }), z.strictObject({ domain })]).optional(),
    })
    .refine(({ action, choice }) => choice !== undefined || action === 'retry'),
  z.strictObject({
    do: z.literal('usage'),
    addresses: z.array(z.string().max(254).regex(MAILBOX_ADDRESS)).min(1).max(MOST_ADDRESSES),
  }),
  z.strictObject({
    do: z.literal('log'),
    server: z.enum(driverNames),
    lines: z.int().min(1).max(MOST_LINES),
  }),
]);

/** @throws Error with what is wrong, without any value */
export function parseRequest(line: string): AgentRequest {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    throw new Error('The request is not JSON.');
  }
  const parsed = request.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(
    `The request is none that the agent knows: ${issue!.path.join('.') || 'do'} is not as it must be.`,
  );
}
