import { tableOf } from './table-of.ts';

/** An alias of a table, as the API takes it. */
export interface AliasLine {
  /** Where it is in the text. */
  line: number;
  address: string;
  targets: string[];
}

/** Columns in the order of a table that does not name them, with what other programs call them. */
const columns = {
  address: ['alias', 'source', 'email', 'e-mail', 'adresse'],
  targets: ['target', 'destination', 'goto', 'forward', 'ziel', 'ziele'],
} as const satisfies Record<string, readonly string[]>;

/** The aliases of a table that somebody pasted; several targets are parted by blanks, commas or semicolons, in quotes where these part columns. */
export function aliasesIn(text: string): AliasLine[] {
  return tableOf<keyof typeof columns>(text, columns).map(({ line, of }) => ({
    line,
    address: of('address'),
    targets: of('targets')
      .split(/[\s,;]+/)
      .filter((target) => target !== ''),
  }));
}
