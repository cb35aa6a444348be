import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { type Answer, answerOf, api, inPath } from './client.ts';

/*
 * What the panel asks for. The first word of a key says what the answer is about, so that an event of the box can say of all of them that they
 * are out of date (events.ts).
 */

const PAGE = '100';

/** How a list goes on, of which the box answers a page at a time. */
const paged = {
  initialPageParam: '',
  getNextPageParam: ({ next }: { next: string | null }) => next,
};

const pageAt = (cursor: string, limit = PAGE) => ({ limit, ...(cursor && { cursor }) });

export const session = queryOptions({
  queryKey: ['session'],
  queryFn: () => answerOf(api.session.$get()),
  staleTime: 60_000,
});

/** What the session says of its person. */
export type Account = NonNullable<Answer<Awaited<ReturnType<typeof api.session.$get>>>['account']>;

export const ownSessions = queryOptions({
  queryKey: ['sessions', 'own'],
  queryFn: () => answerOf(api.session.all.$get()),
});

export const passkeys = queryOptions({
  queryKey: ['passkeys'],
  queryFn: () => answerOf(api.session.passkeys.$get()),
});

export type SessionEntry = Answer<Awaited<ReturnType<typeof api.session.all.$get>>>['items'][number];
export type Passkey = Answer<Awaited<ReturnType<typeof api.session.passkeys.$get>>>['items'][number];

export const accounts = (search: string) =>
  infiniteQueryOptions({
    queryKey: ['accounts', 'list', search],
    queryFn: ({ pageParam }) =>
      answerOf(
        api.accounts.$get({
          query: {
            limit: PAGE,
            ...(search !== '' && { search }),
            ...(pageParam && { cursor: pageParam }),
          },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  });

export const account = (name: string) =>
  queryOptions({
    queryKey: ['accounts', 'one', name],
    queryFn: () => answerOf(api.accounts[':name'].$get({ param: { name: inPath(name) } })),
  });

export const sessionsOf = (name: string) =>
  queryOptions({
    queryKey: ['sessions', 'of', name],
    queryFn: () => answerOf(api.accounts[':name'].sessions.$get({ param: { name: inPath(name) } })),
  });

export type AccountEntry = Answer<Awaited<ReturnType<typeof api.accounts.$get>>>['items'][number];

export const health = queryOptions({
  queryKey: ['health'],
  queryFn: async () => {
    // 503 with the same body says what is wrong.
    const response = await api.health.$get();
    return (await response.json()) as Answer<typeof response>;
  },
  refetchInterval: 30_000,
});

export const box = queryOptions({ queryKey: ['box'], queryFn: () => answerOf(api.box.$get()) });

interface DomainsWanted {
  search?: string;
  dns?: 'local' | 'external';
  mail?: 'true' | 'false';
  parent?: string;
  sort?: 'name' | '-createdAt';
}

export const domains = (wanted: DomainsWanted) =>
  infiniteQueryOptions({
    // Those by what their parents said are out of date when one was asked, too.
    queryKey: [wanted.parent === undefined ? 'domains' : 'delegations', 'list', wanted],
    queryFn: ({ pageParam, signal }) =>
      answerOf(api.domains.$get({ query: { ...pageAt(pageParam), ...wanted } }, { init: { signal } })),
    ...paged,
  });

/** The first that the box serves, if there is one: what the list of a new box is about. */
export const firstDomain = queryOptions({
  queryKey: ['domains', 'first'],
  queryFn: async () => {
    const { items } = await answerOf(api.domains.$get({ query: { limit: '1', dns: 'local' } }));
    return items[0] ?? null;
  },
});

export const domain = (name: string) =>
  queryOptions({
    queryKey: ['domains', 'one', name],
    queryFn: () => answerOf(api.domains[':domain'].$get({ param: { domain: name } })),
  });

export const registrar = (name: string) =>
  queryOptions({
    queryKey: ['registrar', name],
    queryFn: () => answerOf(api.domains[':domain'].registrar.$get({ param: { domain: name }, query: {} })),
  });

export const records = (name: string) =>
  infiniteQueryOptions({
    queryKey: ['records', name],
    queryFn: ({ pageParam }) =>
      answerOf(
        api.domains[':domain'].records.$get({
          param: { domain: name },
          query: pageAt(pageParam, '500'),
        }),
      ),
    ...paged,
  });

/** What was done last. */
export const activity = queryOptions({
  queryKey: ['audit', 'last'],
  queryFn: () => answerOf(api.audit.$get({ query: { limit: '8' } })),
});

export type Domain = Answer<Awaited<ReturnType<(typeof api.domains)[':domain']['$get']>>>;
export type Registrar = Answer<Awaited<ReturnType<(typeof api.domains)[':domain']['registrar']['$get']>>>;
export type Session = Answer<Awaited<ReturnType<typeof api.session.$get>>>;
export type AuditEntry = Answer<Awaited<ReturnType<typeof api.audit.$get>>>['items'][number];

export const customRecords = (zone: string) =>
  infiniteQueryOptions({
    queryKey: ['records', 'own', zone],
    queryFn: ({ pageParam }) =>
      answerOf(
        api.zones[':zone'].records.$get({
          param: { zone },
          query: pageAt(pageParam),
        }),
      ),
    ...paged,
  });

type PageItem<Call extends (...args: never[]) => unknown> =
  Answer<Awaited<ReturnType<Call>>> extends { items: (infer Item)[] } ? Item : never;

export type RecordView = PageItem<(typeof api.domains)[':domain']['records']['$get']>;
export type CustomRecord = PageItem<(typeof api.zones)[':zone']['records']['$get']>;

export const keys = (zone: string) =>
  queryOptions({
    queryKey: ['keys', zone],
    queryFn: () => answerOf(api.zones[':zone'].keys.$get({ param: { zone } })),
  });

export const zone = (name: string) =>
  queryOptions({
    queryKey: ['zones', 'one', name],
    queryFn: () => answerOf(api.zones[':zone'].$get({ param: { zone: name } })),
  });

export type ZoneDetail = Answer<Awaited<ReturnType<(typeof api.zones)[':zone']['$get']>>>;

export const versions = (zone: string) =>
  infiniteQueryOptions({
    queryKey: ['zones', 'versions', zone],
    queryFn: ({ pageParam }) =>
      answerOf(
        api.zones[':zone'].versions.$get({
          param: { zone },
          query: pageAt(pageParam, '30'),
        }),
      ),
    ...paged,
  });

export const difference = (zone: string, from: number, to: number) =>
  queryOptions({
    queryKey: ['difference', zone, from, to],
    // What was published does not change any more.
    staleTime: Infinity,
    async queryFn() {
      const query = { from: String(from), to: String(to) };
      const answer = await answerOf(api.zones[':zone'].diff.$get({ param: { zone }, query }));
      return typeof answer === 'string' ? [] : answer.items;
    },
  });

export const certificates = infiniteQueryOptions({
  queryKey: ['certificates', 'list'],
  queryFn: ({ pageParam }) => answerOf(api.certificates.$get({ query: pageAt(pageParam) })),
  ...paged,
});

/** Those that the box keeps for a domain, and others for its name. */
export const certificatesOf = (domain: string) =>
  queryOptions({
    queryKey: ['certificates', 'of', domain],
    queryFn: () => answerOf(api.certificates.$get({ query: { domain } })),
  });

/** The first few, that of the box among them. */
export const firstCertificates = queryOptions({
  queryKey: ['certificates', 'first'],
  queryFn: () => answerOf(api.certificates.$get({ query: { limit: '5' } })),
});

export const mailboxes = ({ search, state }: { search?: string | undefined; state: 'active' | 'retired' }) =>
  infiniteQueryOptions({
    queryKey: ['mailboxes', 'list', search, state],
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.mailboxes.$get(
          { query: { ...pageAt(pageParam), state, ...(search && { search }) } },
          { init: { signal } },
        ),
      ),
    ...paged,
  });

/** Whether there is a mailbox that is in use. */
export const anyMailbox = queryOptions({
  queryKey: ['mailboxes', 'any'],
  queryFn: async () => {
    const { items } = await answerOf(api.mailboxes.$get({ query: { limit: '1', state: 'active' } }));
    return items.length > 0;
  },
});

export const mailbox = (address: string) =>
  queryOptions({
    queryKey: ['mailboxes', 'one', address],
    queryFn: () => answerOf(api.mailboxes[':address'].$get({ param: { address: inPath(address) } })),
  });

/** How often what mailboxes hold is looked at again while it is seen: no event tells of mail that comes. Milliseconds. */
const USAGE_AGAIN = 60_000;

/** What the mailboxes in use hold that `mailboxes` has on the page that begins at `cursor`. */
export const usageOfPage = (search: string, cursor: string) =>
  queryOptions({
    queryKey: ['mailbox-usage', 'page', search, cursor],
    queryFn: ({ signal }) =>
      answerOf(
        api.mailboxes.usage.$get(
          { query: { ...pageAt(cursor), ...(search !== '' && { search }) } },
          { init: { signal } },
        ),
      ),
    refetchInterval: USAGE_AGAIN,
  });

export const usageOf = (address: string) =>
  queryOptions({
    queryKey: ['mailbox-usage', 'one', address],
    queryFn: () => answerOf(api.mailboxes[':address'].usage.$get({ param: { address: inPath(address) } })),
    refetchInterval: USAGE_AGAIN,
  });

export type MailboxUsage = PageItem<typeof api.mailboxes.usage.$get>;

export const appPasswords = (address: string) =>
  queryOptions({
    queryKey: ['mailboxes', 'app-passwords', address],
    queryFn: () =>
      answerOf(api.mailboxes[':address']['app-passwords'].$get({ param: { address: inPath(address) } })),
  });

export const mailboxSetup = (address: string) =>
  queryOptions({
    queryKey: ['mailboxes', 'setup', address],
    queryFn: () => answerOf(api.mailboxes[':address'].setup.$get({ param: { address: inPath(address) } })),
  });

export const aliases = ({ search }: { search?: string | undefined }) =>
  infiniteQueryOptions({
    queryKey: ['aliases', search],
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.aliases.$get(
          { query: { ...pageAt(pageParam), ...(search && { search }) } },
          { init: { signal } },
        ),
      ),
    ...paged,
  });

export const job = (id: string) =>
  queryOptions({
    queryKey: ['jobs', id],
    queryFn: () => answerOf(api.jobs[':id'].$get({ param: { id } })),
    // Events say when it goes on; this is for who may not follow them.
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? 2000 : false),
  });

export const tokens = queryOptions({
  queryKey: ['tokens'],
  queryFn: () => answerOf(api.tokens.$get({ query: { limit: '500' } })),
});

export const log = infiniteQueryOptions({
  queryKey: ['audit', 'all'],
  queryFn: ({ pageParam }) => answerOf(api.audit.$get({ query: pageAt(pageParam) })),
  ...paged,
});

export type ZoneKey = PageItem<(typeof api.zones)[':zone']['keys']['$get']>;
export type Version = PageItem<(typeof api.zones)[':zone']['versions']['$get']>;
export type Certificate = PageItem<typeof api.certificates.$get>;
export type Mailbox = PageItem<typeof api.mailboxes.$get>;
export type Alias = PageItem<typeof api.aliases.$get>;
export type Token = PageItem<typeof api.tokens.$get>;

export const mailPlan = queryOptions({
  queryKey: ['mail', 'plan'],
  queryFn: () => answerOf(api.mail.plan.$get()),
});

export type MailPlan = Answer<Awaited<ReturnType<typeof api.mail.plan.$get>>>;

export const secondaries = queryOptions({
  queryKey: ['secondaries', 'list'],
  queryFn: () => answerOf(api.secondaries.$get()),
});

export const secondary = (name: string) =>
  queryOptions({
    queryKey: ['secondaries', 'one', name],
    queryFn: () => answerOf(api.secondaries[':secondary'].$get({ param: { secondary: name }, query: {} })),
    // They are asked over the network: how far behind they are is known by nobody else.
    refetchInterval: 30_000,
  });

type SecondaryServer = 'knot' | 'nsd' | 'bind' | 'powerdns';

export const secondaryConfiguration = (name: string, server: SecondaryServer) =>
  queryOptions({
    queryKey: ['secondaries', 'configuration', name, server],
    queryFn: () =>
      answerOf(
        api.secondaries[':secondary'].configuration.$get({ param: { secondary: name }, query: { server } }),
      ),
  });

export const secondaryZones = infiniteQueryOptions({
  queryKey: ['secondary-zones'],
  queryFn: ({ pageParam }) => answerOf(api['secondary-zones'].$get({ query: pageAt(pageParam) })),
  ...paged,
  // That primaries were asked, and had nothing, is no event.
  refetchInterval: ({ state }) =>
    state.data?.pages.some(({ items }) => items.some(({ checking }) => checking)) ? 1000 : 30_000,
});

export type SecondaryZone = PageItem<(typeof api)['secondary-zones']['$get']>;

export const tsigKeys = queryOptions({
  queryKey: ['tsig-keys'],
  queryFn: () => answerOf(api['tsig-keys'].$get()),
});

export type TsigKey = PageItem<(typeof api)['tsig-keys']['$get']>;

export type Secondary = PageItem<typeof api.secondaries.$get>;

export const mailStatus = queryOptions({
  queryKey: ['mail', 'status'],
  queryFn: () => answerOf(api.mail.status.$get()),
});

export type MailStatus = Answer<Awaited<ReturnType<typeof api.mail.status.$get>>>;

export type MailServerName = MailStatus['servers'][number]['name'];

export const mailServerLog = (server: MailServerName, follows: boolean) =>
  queryOptions({
    queryKey: ['mail', 'log', server],
    queryFn: ({ signal }) =>
      answerOf(
        api.mail.servers[':server'].log.$get(
          { param: { server }, query: { lines: '100' } },
          { init: { signal } },
        ),
      ),
    // What was seen before says nothing of now. While the page is hidden, nothing is asked.
    staleTime: 0,
    refetchInterval: follows ? 3000 : false,
  });

export const mailQueue = (filter: { address: string; reason: string }) =>
  infiniteQueryOptions({
    queryKey: ['mail', 'queue', filter],
    queryFn: ({ pageParam, signal }) => {
      const { address, reason } = filter;
      const query = {
        ...pageAt(pageParam),
        ...(address !== '' && { address }),
        ...(reason !== '' && { reason }),
      };
      return answerOf(api.mail.queue.$get({ query }, { init: { signal } }));
    },
    // Messages come and go without an event for each.
    refetchInterval: 15_000,
    ...paged,
  });

export type QueuedMessage = Answer<Awaited<ReturnType<typeof api.mail.queue.$get>>>['items'][number];

export const mailSettings = queryOptions({
  queryKey: ['mail', 'settings'],
  queryFn: () => answerOf(api.mail.settings.$get()),
});

export type MailSettings = Answer<Awaited<ReturnType<typeof api.mail.settings.$get>>>;

export const mailDomain = (name: string) =>
  queryOptions({
    queryKey: ['mail', 'domain', name],
    queryFn: () => answerOf(api.domains[':domain'].mail.$get({ param: { domain: name } })),
  });

export type MailDomain = Answer<Awaited<ReturnType<(typeof api.domains)[':domain']['mail']['$get']>>>;

export const dkim = (name: string) =>
  queryOptions({
    queryKey: ['dkim', name],
    queryFn: () => answerOf(api.domains[':domain'].dkim.$get({ param: { domain: name } })),
  });

export type Dkim = Answer<Awaited<ReturnType<(typeof api.domains)[':domain']['dkim']['$get']>>>;

export const webSite = (name: string) =>
  queryOptions({
    queryKey: ['web', name],
    queryFn: () => answerOf(api.domains[':domain'].web.$get({ param: { domain: name } })),
  });

export type WebSite = Answer<Awaited<ReturnType<(typeof api.domains)[':domain']['web']['$get']>>>;

export const checks = queryOptions({
  queryKey: ['checks'],
  queryFn: () => answerOf(api.checks.$get()),
  // Some of it is outside of the box, of which no event tells.
  refetchInterval: 60_000,
});

export type Check = PageItem<typeof api.checks.$get>;

export const nameserverStatistics = (minutes: number) =>
  queryOptions({
    queryKey: ['nameserver', 'statistics', minutes],
    queryFn: () => answerOf(api.nameserver.statistics.$get({ query: { minutes: String(minutes) } })),
    // As often as the box looks at its counters.
    refetchInterval: 10_000,
  });

export type Statistics = Answer<Awaited<ReturnType<typeof api.nameserver.statistics.$get>>>;
export type Sample = Statistics['samples'][number];

/** What passed last: of more than so many, the chart of the day begins with the oldest of them. */
export const mailOfTheDay = queryOptions({
  queryKey: ['mail', 'history', 'day'],
  queryFn: () => answerOf(api.mail.history.$get({ query: { limit: '500' } })),
  refetchInterval: 60_000,
});

export const mailHistory = (address: string) =>
  infiniteQueryOptions({
    queryKey: ['mail', 'history', address],
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.mail.history.$get(
          { query: { ...pageAt(pageParam), ...(address !== '' && { address }) } },
          { init: { signal } },
        ),
      ),
    // Messages pass without an event for each.
    refetchInterval: 30_000,
    ...paged,
  });

export type MailHistoryEntry = Answer<Awaited<ReturnType<typeof api.mail.history.$get>>>['items'][number];
