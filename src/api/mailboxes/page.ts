import type { z } from '@hono/zod-openapi';
import type { MailboxView } from '../../mail/mailboxes/service.ts';
import type { Page } from '../../work/page.ts';
import { ownDomainsOf } from '../access.ts';
import type { ApiEnv } from '../env.ts';
import { pageRequest } from '../fields.ts';
import { pageOfDomains } from '../own-lists.ts';
import type { mailboxQuery } from './schema.ts';

/** What the query asks for, of the domains that the credential may see. @throws AppError forbidden */
export function pageOfMailboxes(
  c: { var: ApiEnv['Variables'] },
  { state, domain, search, ...page }: z.output<typeof mailboxQuery>,
): Page<MailboxView> {
  const { mailboxes } = c.var.services;
  const own = ownDomainsOf(c, domain);
  return own
    ? pageOfDomains(own, pageRequest(page), (part, one) =>
        mailboxes.list(part, { state, domain: one, search }),
      )
    : mailboxes.list(pageRequest(page), { state, domain, search });
}
