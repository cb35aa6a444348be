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
type Column = keyof typeof columns;
const inOrder = Object.keys(columns) as Column[];

const columnOf = (head: string): Column | undefined => {
  const name = head.trim().toLowerCase();
  return inOrder.find((column) => column === name || columns[column].some((other) => other === name));
};

/** The mailboxes of a table that somebody pasted (RFC 4180; semicolons and tabs separate as well), with or without a line that names the columns. */
export function mailboxesIn(text: string): MailboxTable {
  const rows = rowsOf(text.replace(/^\ufeff/, ''));
  const head = rows[0]?.cells.map(columnOf) ?? [];
  const isNamed = head.includes('address');
  const order: readonly (Column | undefined)[] = isNamed ? head : inOrder;
  const wrong: number[] = [];
  const mailboxes = rows.slice(isNamed ? 1 : 0).map(({ line, cells }): MailboxLine => {
    const found = new Map(order.map((column, index) => [column, cells[index]?.trim() ?? '']));
    const of = (column: Column): string => found.get(column) ?? '';
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

/** Cells by lines; what is in quotes may hold what separates, line breaks, and quotes that are doubled. */
function rowsOf(text: string): { line: number; cells: string[] }[] {
  const first = text.split(/\r?\n/, 1)[0] ?? '';
  const count = (mark: string): number => first.split(mark).length;
  const mark = [',', ';', '\t'].reduce((most, other) => (count(other) > count(most) ? other : most));
  const cell = new RegExp(
    `[^\\S\\r\\n\\t]*(?:"((?:[^"]|"")*)"[^\\S\\r\\n\\t]*|([^${mark}\\r\\n]*))(${mark}|\\r?\\n|\\r|$)`,
    'y',
  );
  const rows: { line: number; cells: string[] }[] = [];
  let row = { line: 1, cells: [] as string[] };
  let line = 1;
  for (let at = 0; at < text.length || row.cells.length > 0;) {
    cell.lastIndex = at;
    const [all, quoted, plain, end] = cell.exec(text) ?? [text.slice(at), undefined, text.slice(at), ''];
    row.cells.push(quoted?.replaceAll('""', '"') ?? plain);
    at += all.length;
    line += all.split(/\r\n|\n|\r/).length - 1;
    if (end === mark) continue;
    if (row.cells.some((value) => value.trim() !== '')) rows.push(row);
    row = { line, cells: [] };
  }
  return rows;
}
