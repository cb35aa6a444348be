import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import * as queries from './api/queries.ts';
import { Broken, NotFound } from './pages/broken.tsx';
import { recordLevels, type RecordSearch } from './pages/domain/record-search.ts';
import { type DomainSearch, domainStates, wantedOf } from './pages/domains/filter.ts';
import { client } from './query-client.ts';
import { Waiting } from './parts/waiting.tsx';
import { Shell } from './shell/shell.tsx';

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound });

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** What a page asks for first is asked for while the page is fetched and made. That it failed, the page finds out. */
function ahead(query: Promise<unknown>): void {
  query.catch(() => undefined);
}

/** Whether what is shown was made a moment ago. */
const fresh = (search: Record<string, unknown>): { fresh?: true | undefined } => ({
  fresh: search['fresh'] === true ? true : undefined,
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { to?: string | undefined } => ({
    to: text(search['to']),
  }),
  component: lazyRouteComponent(() => import('./pages/sign-in.tsx'), 'SignIn'),
});

const password = createRoute({
  getParentRoute: () => root,
  path: '/password',
  component: lazyRouteComponent(() => import('./pages/password.tsx'), 'Password'),
});

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  component: lazyRouteComponent(() => import('./pages/setup/setup.tsx'), 'Setup'),
});

/** All that needs somebody who is signed in, and a box with a name. */
const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  async beforeLoad({ location }) {
    const { account, may } = await client.query({ ...queries.session, staleTime: 'static' });
    if (!account) throw redirect({ to: '/sign-in', search: { to: location.href } });
    // The own mailbox is all that its user has.
    const isTheirs = location.pathname === '/account' || location.pathname.startsWith('/mailboxes/');
    if (account.role === 'mailbox-user' && !isTheirs)
      throw redirect({ to: '/mailboxes/$address', params: { address: account.name } });
    if (!may.includes('admin')) return;
    if (location.pathname === '/')
      for (const query of [client.query(queries.health), client.query(queries.activity)]) ahead(query);
    const { hostname } = await client.query({ ...queries.box, staleTime: 'static' });
    if (hostname === null) throw redirect({ to: '/setup' });
  },
  component: Shell,
});

const overview = createRoute({
  getParentRoute: () => inside,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/overview/overview.tsx'), 'Overview'),
});

const domains = createRoute({
  getParentRoute: () => inside,
  path: '/domains',
  validateSearch: (search: Record<string, unknown>): DomainSearch => ({
    search: text(search['search']),
    state: domainStates.find((state) => state === search['state']),
    mail: (['yes', 'no'] as const).find((use) => use === search['mail']),
    sort: search['sort'] === 'newest' ? 'newest' : undefined,
  }),
  beforeLoad: ({ search }) => ahead(client.infiniteQuery(queries.domains(wantedOf(search)))),
  component: lazyRouteComponent(() => import('./pages/domains/domains.tsx'), 'Domains'),
});

const addDomain = createRoute({
  getParentRoute: () => inside,
  path: '/domains/new',
  component: lazyRouteComponent(() => import('./pages/domains/add.tsx'), 'AddDomain'),
});

const importZone = createRoute({
  getParentRoute: () => inside,
  path: '/domains/import',
  validateSearch: (search: Record<string, unknown>): { zone?: string | undefined } => ({
    zone: text(search['zone']),
  }),
  component: lazyRouteComponent(() => import('./pages/domains/import.tsx'), 'ImportZone'),
});

const domain = createRoute({
  getParentRoute: () => inside,
  path: '/domains/$domain',
  component: lazyRouteComponent(() => import('./pages/domain/domain.tsx'), 'DomainPage'),
});

const records = createRoute({
  getParentRoute: () => domain,
  path: '/',
  validateSearch: (search: Record<string, unknown>): RecordSearch => ({
    search: text(search['search']),
    level: recordLevels.find((level) => level === search['level']),
  }),
  component: lazyRouteComponent(() => import('./pages/domain/records.tsx'), 'Records'),
});

const registrar = createRoute({
  getParentRoute: () => domain,
  path: '/registrar',
  validateSearch: fresh,
  component: lazyRouteComponent(() => import('./pages/domain/registrar.tsx'), 'RegistrarTab'),
});

const dnssec = createRoute({
  getParentRoute: () => domain,
  path: '/dnssec',
  component: lazyRouteComponent(() => import('./pages/domain/dnssec/dnssec.tsx'), 'Dnssec'),
});

const history = createRoute({
  getParentRoute: () => domain,
  path: '/history',
  component: lazyRouteComponent(() => import('./pages/domain/history.tsx'), 'History'),
});

const domainMail = createRoute({
  getParentRoute: () => domain,
  path: '/mail',
  component: lazyRouteComponent(() => import('./pages/domain/mail/mail.tsx'), 'DomainMail'),
});

const domainCertificates = createRoute({
  getParentRoute: () => domain,
  path: '/certificates',
  component: lazyRouteComponent(() => import('./pages/domain/certificates.tsx'), 'DomainCertificates'),
});

const domainWeb = createRoute({
  getParentRoute: () => domain,
  path: '/web',
  component: lazyRouteComponent(() => import('./pages/domain/web.tsx'), 'DomainWeb'),
});

const mailboxes = createRoute({
  getParentRoute: () => inside,
  path: '/mailboxes',
  validateSearch: (
    search: Record<string, unknown>,
  ): { search?: string | undefined; state?: 'retired' | undefined } => ({
    search: text(search['search']),
    state: search['state'] === 'retired' ? 'retired' : undefined,
  }),
  beforeLoad: ({ search: { search = '', state } }) =>
    ahead(client.infiniteQuery(queries.mailboxes({ search, state: state ?? 'active' }))),
  component: lazyRouteComponent(() => import('./pages/mail/mailboxes.tsx'), 'Mailboxes'),
});

const mailbox = createRoute({
  getParentRoute: () => inside,
  path: '/mailboxes/$address',
  validateSearch: fresh,
  component: lazyRouteComponent(() => import('./pages/mail/mailbox.tsx'), 'MailboxPage'),
});

const aliases = createRoute({
  getParentRoute: () => inside,
  path: '/aliases',
  validateSearch: (search: Record<string, unknown>): { search?: string | undefined } => ({
    search: text(search['search']),
  }),
  component: lazyRouteComponent(() => import('./pages/mail/aliases.tsx'), 'Aliases'),
});

const mailServers = createRoute({
  getParentRoute: () => inside,
  path: '/mail-servers',
  component: lazyRouteComponent(() => import('./pages/mail/mail-servers.tsx'), 'MailServers'),
});

const mailQueue = createRoute({
  getParentRoute: () => inside,
  path: '/mail-queue',
  validateSearch: (
    search: Record<string, unknown>,
  ): { address?: string | undefined; reason?: string | undefined } => ({
    address: text(search['address']),
    reason: text(search['reason']),
  }),
  component: lazyRouteComponent(() => import('./pages/mail/mail-queue.tsx'), 'MailQueue'),
});

const mailSettings = createRoute({
  getParentRoute: () => inside,
  path: '/mail-settings',
  component: lazyRouteComponent(() => import('./pages/mail/mail-settings.tsx'), 'MailSettings'),
});

const mailHistory = createRoute({
  getParentRoute: () => inside,
  path: '/mail-history',
  validateSearch: (search: Record<string, unknown>): { address?: string | undefined } => ({
    address: text(search['address']),
  }),
  component: lazyRouteComponent(() => import('./pages/mail/mail-history.tsx'), 'MailHistory'),
});

const certificates = createRoute({
  getParentRoute: () => inside,
  path: '/certificates',
  component: lazyRouteComponent(() => import('./pages/certificates/certificates.tsx'), 'Certificates'),
});

const activity = createRoute({
  getParentRoute: () => inside,
  path: '/activity',
  component: lazyRouteComponent(() => import('./pages/box/activity.tsx'), 'Activity'),
});

const checks = createRoute({
  getParentRoute: () => inside,
  path: '/checks',
  component: lazyRouteComponent(() => import('./pages/box/checks.tsx'), 'Checks'),
});

const nameserver = createRoute({
  getParentRoute: () => inside,
  path: '/nameserver',
  validateSearch: (search: Record<string, unknown>): { minutes?: number | undefined } => ({
    minutes: [5, 15, 60].find((span) => span === search['minutes']),
  }),
  component: lazyRouteComponent(() => import('./pages/nameserver/statistics.tsx'), 'NameserverStatistics'),
});

const tokens = createRoute({
  getParentRoute: () => inside,
  path: '/tokens',
  component: lazyRouteComponent(() => import('./pages/box/tokens.tsx'), 'Tokens'),
});

const ownAccount = createRoute({
  getParentRoute: () => inside,
  path: '/account',
  component: lazyRouteComponent(() => import('./pages/account/own-account.tsx'), 'OwnAccount'),
});

const accounts = createRoute({
  getParentRoute: () => inside,
  path: '/accounts',
  validateSearch: (search: Record<string, unknown>): { search?: string | undefined } => ({
    search: text(search['search']),
  }),
  component: lazyRouteComponent(() => import('./pages/accounts/accounts.tsx'), 'Accounts'),
});

const account = createRoute({
  getParentRoute: () => inside,
  path: '/accounts/$name',
  component: lazyRouteComponent(() => import('./pages/accounts/account.tsx'), 'AccountPage'),
});

const secondaries = createRoute({
  getParentRoute: () => inside,
  path: '/secondaries',
  component: lazyRouteComponent(() => import('./pages/box/secondaries.tsx'), 'Secondaries'),
});

const secondaryZones = createRoute({
  getParentRoute: () => inside,
  path: '/secondary-zones',
  component: lazyRouteComponent(() => import('./pages/box/secondary-zones.tsx'), 'SecondaryZones'),
});

const transferKeys = createRoute({
  getParentRoute: () => inside,
  path: '/transfer-keys',
  component: lazyRouteComponent(() => import('./pages/box/transfer-keys.tsx'), 'TransferKeys'),
});

const settings = createRoute({
  getParentRoute: () => inside,
  path: '/settings',
  component: lazyRouteComponent(() => import('./pages/box/settings.tsx'), 'Settings'),
});

const tree = root.addChildren([
  signIn,
  password,
  setup,
  inside.addChildren([
    overview,
    domains,
    addDomain,
    importZone,
    domain.addChildren([records, domainMail, domainWeb, domainCertificates, registrar, dnssec, history]),
    mailboxes,
    mailbox,
    aliases,
    mailServers,
    mailQueue,
    mailSettings,
    mailHistory,
    certificates,
    checks,
    nameserver,
    activity,
    ownAccount,
    accounts,
    account,
    tokens,
    secondaries,
    secondaryZones,
    transferKeys,
    settings,
  ]),
]);

export const router = createRouter({
  routeTree: tree,
  defaultPreload: 'intent',
  defaultPendingComponent: Waiting,
  defaultErrorComponent: Broken,
  scrollRestoration: false,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
