import { tableOf } from './table-of.ts';

/** A mailbox of a table, as the API takes it. */
export interface MailboxLine {
  /** Where it is in the text. */
  line: number;
  address: string;
  password?: string;
  passwordHash?: string;
  displayName?: string;
  quota?: number;
  forwardTo?: string[];
}

export interface MailboxTable {
  mailboxes: MailboxLine[];
  /** Lines whose quota is no size. */
  wrong: number[];
}

/** Columns in the order of a table that does not name them, with what other programs call them. */
const columns = {
  address: ['email', 'e-mail', 'mailbox', 'adresse'],
  password: ['passwort'],
  name: ['displayname', 'display name'],
  quota: [],
  forward: ['forwardto', 'forward to', 'weiterleitung'],
} as const satisfies Record<string, readonly string[]>;
/** The mailboxes of a table that somebody pasted (RFC 4180; semicolons and tabs separate as well), with or without a line that names the columns. */
export function mailboxesIn(text: string): MailboxTable {
  const wrong: number[] = [];
  const mailboxes = tableOf(text, columns).map(({ line, of }): MailboxLine => {
    const quota = of('quota') === '' ? undefined : octetsIn(of('quota'));
    if (Number.isNaN(quota)) wrong.push(line);
    return {
      ...{ line, address: of('address') },
      // As Dovecot writes a hash: a password does not begin with the name of a scheme.
      ...(of('password') !== '' &&
        (/^\{[A-Z0-9.-]+\}/.test(of('password'))
          ? { passwordHash: of('password') }
          : { password: of('password') })),
      ...(of('name') !== '' && { displayName: of('name') }),
      ...(quota !== undefined && { quota }),
      ...(of('forward') !== '' && { forwardTo: of('forward').split(/[\s,;]+/) }),
    };
  });
  return { mailboxes, wrong };
}

const units = ['', 'K', 'M', 'G', 'T'];

/** `5G`, `500 MB`; `none`: 0, which is no limit. NaN: it is no size. */
function octetsIn(text: string): number {
  if (text.toLowerCase() === 'none') return 0;
  const [, count, unit] = /^(\d+(?:[.,]\d+)?)\s*([KMGT]?)(?:i?B)?$/i.exec(text) ?? [];
  if (count === undefined) return NaN;
  return Math.round(Number(count.replace(',', '.')) * 1024 ** units.indexOf(unit!.toUpperCase()));
}
