/** Kinds of domains that a person looks for, by their state. */
export const domainStates = [
  'not-delegated',
  'wrong',
  'ds-missing',
  'green',
  'unknown',
  'elsewhere',
] as const;

type DomainState = (typeof domainStates)[number];

/** What the list shows, as the address of the page says. */
export interface DomainSearch {
  search?: string | undefined;
  state?: DomainState | undefined;
  mail?: 'yes' | 'no' | undefined;
  /** By name when left out. */
  sort?: 'newest' | undefined;
}

const states = {
  'not-delegated': { parent: 'not-delegated' },
  wrong: { parent: 'glue-wrong,bogus' },
  'ds-missing': { parent: 'insecure' },
  green: { parent: 'secure' },
  unknown: { parent: 'unknown' },
  elsewhere: { dns: 'external' },
} as const;

/** What the box is asked for. */
export function wantedOf({ search, state, mail, sort }: DomainSearch) {
  return {
    ...(search !== undefined && { search }),
    ...(state && states[state]),
    ...(mail && { mail: mail === 'yes' ? ('true' as const) : ('false' as const) }),
    ...(sort && { sort: '-createdAt' as const }),
  };
}
