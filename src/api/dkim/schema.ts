import { z } from '@hono/zod-openapi';
import { toRfc3339 } from '../../core/rfc3339.ts';
import type { DkimKeyView, DkimSchedule, DkimView, NextStep } from '../../mail/dkim/service.ts';
import { LONGEST_EVERY } from '../../mail/dkim/schedule.ts';
import { nameOut, nameText, time } from '../fields.ts';

const step = z
  .enum(['publish', 'see', 'sign', 'retire', 'revoke', 'remove'])
  .describe(
    '`publish`: new keys come into the DNS. `see`: every nameserver is asked whether it has them. `sign`: they sign. `retire`: Rspamd has them, so the old ones sign no more. `revoke`: the old ones’ records get an empty `p=`. `remove`: their records go.',
  );
const at = time('When; null: as soon as what it waits for is so.').nullable();
const next = z.strictObject({ step, at });

const dkimKeyOut = z
  .strictObject({
    selector: z.string().openapi({ example: 'rsa2701kqzd' }),
    algorithm: z.enum(['rsa', 'ed25519']),
    state: z
      .enum(['published', 'active', 'retired', 'revoked'])
      .describe(
        '`published`: in the DNS, signs nothing yet. `active`: signs. `retired`: signs no more, in the DNS for mail under way. `revoked`: in the DNS with an empty `p=` (RFC 6376 §3.6.1).',
      ),
    since: time('Since when it is in that state.'),
    createdAt: time('When it was made.'),
    owner: z.string().openapi({ example: 'rsa2701kqzd._domainkey.example.com' }),
    record: z.string().describe('What its TXT record says.').openapi({ example: 'v=DKIM1; k=rsa; p=MIIB…' }),
    next: next.nullable().describe('What becomes of it next; null: nothing that is known yet.'),
  })
  .openapi('DkimKey');

export const dkimOut = z
  .strictObject({
    domain: nameOut('example.com'),
    keys: z.array(dkimKeyOut).describe('The oldest first.'),
    rolls: z
      .boolean()
      .describe('Whether its keys are replaced: the box serves the domain, and takes mail for it.'),
    next: z
      .strictObject({ step, at, waitsFor: z.string().nullable().describe('A sentence.') })
      .nullable()
      .describe('What comes next for the domain as a whole.'),
    problem: z
      .strictObject({ reason: z.string(), retryAt: time('When it is tried again.') })
      .nullable()
      .describe('Why the last try came to nothing.'),
  })
  .openapi('Dkim');

export const dkimRotateIn = z
  .strictObject({
    emergency: z
      .boolean()
      .default(false)
      .describe(
        'The keys are in wrong hands: all are revoked at once, and new ones sign. Mail under way that the old ones signed is good for nothing then.',
      ),
  })
  .openapi('DkimRotate', { example: { emergency: false } });

const every = z
  .int()
  .min(0)
  .max(LONGEST_EVERY)
  .describe('Seconds from keys to the next ones, 7 days at least; 0: only when somebody asks for it.')
  .openapi({ example: 15_552_000 });

export const dkimScheduleIn = z
  .strictObject({ every })
  .openapi('DkimScheduleChange', { example: { every: 7_776_000 } });

export const dkimScheduleOut = z
  .strictObject({
    every,
    troubled: z
      .array(z.strictObject({ domain: nameOut('example.com'), reason: z.string() }))
      .describe('Domains whose keys cannot be replaced, the first of them.'),
    troubledCount: z.int().describe('How many these are.'),
  })
  .openapi('DkimSchedule');

const timeOf = (milliseconds: number | undefined): string | null =>
  milliseconds === undefined ? null : toRfc3339(milliseconds);
const nextJson = ({ step, at }: NextStep) => ({ step, at: timeOf(at) });

function keyJson({ stateSince, next, ...key }: DkimKeyView): z.infer<typeof dkimKeyOut> {
  const { selector, algorithm, state, createdAt, owner, record } = key;
  return {
    ...{ selector, algorithm, state, since: stateSince, createdAt, owner, record },
    next: next ? nextJson(next) : null,
  };
}

export function dkimJson({ domain, keys, rolls, next, problem }: DkimView): z.infer<typeof dkimOut> {
  return {
    domain: nameText(domain),
    keys: keys.map(keyJson),
    rolls,
    next: next ? { ...nextJson(next), waitsFor: next.waitsFor ?? null } : null,
    problem: problem ? { reason: problem.reason, retryAt: toRfc3339(problem.retryAt) } : null,
  };
}

export function dkimScheduleJson(schedule: DkimSchedule): z.infer<typeof dkimScheduleOut> {
  const troubled = schedule.troubled.map(({ domain, reason }) => ({ domain: nameText(domain), reason }));
  return { every: schedule.every / 1000, troubled, troubledCount: schedule.troubledCount };
}
