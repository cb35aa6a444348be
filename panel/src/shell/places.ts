import {
  Activity,
  AtSign,
  ChartLine,
  CopyCheck,
  Gauge,
  Globe,
  HeartPulse,
  Hourglass,
  Inbox,
  KeyRound,
  KeySquare,
  type LucideIcon,
  Mail,
  Mails,
  Network,
  Server,
  Settings,
  ShieldCheck,
  SlidersHorizontal,
  UserRound,
  UsersRound,
} from 'lucide-react';
import type { Texts } from '../texts/en.ts';

export interface Place {
  to:
    | '/'
    | '/domains'
    | '/certificates'
    | '/mailboxes'
    | '/aliases'
    | '/mail-history'
    | '/mail-queue'
    | '/mail-servers'
    | '/mail-settings'
    | '/account'
    | '/accounts'
    | '/checks'
    | '/nameserver'
    | '/activity'
    | '/tokens'
    | '/secondaries'
    | '/secondary-zones'
    | '/transfer-keys'
    | '/settings';
  label: (t: Texts) => string;
  /** Words by which somebody might look for it. */
  words: (t: Texts) => string;
  icon: LucideIcon;
  /** What one must be allowed for it. */
  need?: 'admin' | 'accounts' | 'read';
}

export interface PlaceGroup {
  label: ((t: Texts) => string) | undefined;
  places: readonly Place[];
}

const ownAccount: Place = {
  to: '/account',
  label: (t) => t.ownAccount.title,
  words: (t) => t.ownAccount.words,
  icon: UserRound,
};

/** What the navigation and the palette lead to. A page that is not there is not here. */
const placeGroups: readonly PlaceGroup[] = [
  {
    label: undefined,
    places: [
      { to: '/', label: (t) => t.overview.title, words: (t) => t.overview.words, icon: Gauge },
      {
        to: '/domains',
        label: (t) => t.domains.title,
        words: (t) => t.domains.words,
        icon: Globe,
        need: 'read',
      },
      {
        to: '/certificates',
        label: (t) => t.certificates.title,
        words: (t) => t.certificates.words,
        icon: ShieldCheck,
        need: 'admin',
      },
      {
        to: '/nameserver',
        label: (t) => t.statistics.short,
        words: (t) => t.statistics.words,
        icon: ChartLine,
        need: 'admin',
      },
      {
        to: '/secondaries',
        label: (t) => t.secondaries.short,
        words: (t) => t.secondaries.words,
        icon: Network,
        need: 'admin',
      },
      {
        to: '/secondary-zones',
        label: (t) => t.secondaryZones.title,
        words: (t) => t.secondaryZones.words,
        icon: CopyCheck,
        need: 'admin',
      },
      {
        to: '/transfer-keys',
        label: (t) => t.transferKeys.title,
        words: (t) => t.transferKeys.words,
        icon: KeyRound,
        need: 'admin',
      },
    ],
  },
  {
    label: (t) => t.shell.groups.mail,
    places: [
      {
        to: '/mailboxes',
        label: (t) => t.mailboxes.title,
        words: (t) => t.mailboxes.words,
        icon: Mails,
        need: 'read',
      },
      {
        to: '/aliases',
        label: (t) => t.aliases.title,
        words: (t) => t.aliases.words,
        icon: AtSign,
        need: 'read',
      },
      {
        to: '/mail-history',
        label: (t) => t.mailHistory.title,
        words: (t) => t.mailHistory.words,
        icon: Inbox,
        need: 'admin',
      },
      {
        to: '/mail-queue',
        label: (t) => t.mailQueue.title,
        words: (t) => t.mailQueue.words,
        icon: Hourglass,
        need: 'admin',
      },
      {
        to: '/mail-servers',
        label: (t) => t.mailServers.title,
        words: (t) => t.mailServers.words,
        icon: Server,
        need: 'admin',
      },
      {
        to: '/mail-settings',
        label: (t) => t.mailSettings.title,
        words: (t) => t.mailSettings.words,
        icon: SlidersHorizontal,
        need: 'admin',
      },
    ],
  },
  {
    label: (t) => t.shell.groups.box,
    places: [
      {
        to: '/checks',
        label: (t) => t.checks.title,
        words: (t) => t.checks.words,
        icon: HeartPulse,
        need: 'admin',
      },
      {
        to: '/activity',
        label: (t) => t.activity.title,
        words: (t) => t.activity.words,
        icon: Activity,
        need: 'admin',
      },
      {
        to: '/tokens',
        label: (t) => t.tokens.title,
        words: (t) => t.tokens.words,
        icon: KeySquare,
        need: 'admin',
      },
      {
        to: '/accounts',
        label: (t) => t.accounts.title,
        words: (t) => t.accounts.words,
        icon: UsersRound,
        need: 'accounts',
      },
      {
        to: '/settings',
        label: (t) => t.settings.title,
        words: (t) => t.settings.words,
        icon: Settings,
        need: 'admin',
      },
    ],
  },
  { label: (t) => t.shell.groups.you, places: [ownAccount] },
];

/** A mailbox user has these two alone. */
const ofMailbox: readonly PlaceGroup[] = [
  {
    label: undefined,
    places: [
      { to: '/', label: (t) => t.ownMailbox.title, words: (t) => t.ownMailbox.words, icon: Mail },
      ownAccount,
    ],
  },
];

/** The pages that somebody can use, by what the session says that they may. */
export function placesFor(may: readonly string[]): PlaceGroup[] {
  return (may.includes('read') ? placeGroups : ofMailbox)
    .map((group) => ({
      ...group,
      places: group.places.filter(({ need }) => need === undefined || may.includes(need)),
    }))
    .filter(({ places }) => places.length > 0);
}
