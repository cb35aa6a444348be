import { RowsKey } from '../../work/rows.ts';

/** A path with all below it leads elsewhere, or is another program's. */
export interface WebRule {
  /** `/` is all of the site; no other ends with a slash. */
  path: string;
  kind: 'redirect' | 'permanent-redirect' | 'proxy';
  /** A URL; of a proxy without a path. */
  to: string;
}

/** HSTS (RFC 6797). */
export interface Hsts {
  seconds: number;
  subdomains: boolean;
}

/** What of a domain's site is not a file below its folder. */
export interface WebSiteRow {
  hsts: Hsts | undefined;
  /** No two of one path. */
  rules: readonly WebRule[];
}

/** Domains whose sites may be other than a folder: nginx has a server for each. */
export const MOST_SITES = 1000;
/** Octets of the rules of all domains together, in JSON: what the agent gets in one request, with room for all else. */
export const MOST_RULE_OCTETS = 8 * 1024 * 1024;
/** Rules of one domain. */
export const MOST_RULES = 50;

export interface WebReads {
  site(domain: string): WebSiteRow | undefined;
  /** How many there are, and the octets of their rules in JSON. */
  siteLoad(): { sites: number; octets: number };
  /** The first `limit`, by name. */
  sites(limit: number): (WebSiteRow & { domain: string })[];
}

export interface WebWrites extends WebReads {
  /** undefined: a folder of files. */
  putSite(domain: string, row: WebSiteRow | undefined): void;
}

export const webRows = new RowsKey<WebReads, WebWrites>('web');
