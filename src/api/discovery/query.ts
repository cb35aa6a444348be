import type { Context } from 'hono';

/**
 * A query parameter, whatever the case of its name: Outlook's are of any. `+` is a plus, for addresses have them and no spaces, and not every
 * program escapes them.
 */
export function queryOf(c: Context, name: string): string | undefined {
  const { search } = new URL(c.req.url);
  const parameters = new URLSearchParams(search.replaceAll('+', '%2B'));
  return [...parameters].find(([key]) => key.toLowerCase() === name)?.[1];
}

/** The mailbox that is asked about, as mail programs name it (`emailaddress`) or people do. */
export function addressOf(c: Context): string | undefined {
  return queryOf(c, 'emailaddress') ?? queryOf(c, 'email');
}
