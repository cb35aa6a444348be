import {
  Activity,
  AtSign,
  Gauge,
  Globe,
  KeySquare,
  type LucideIcon,
  Mails,
  Network,
  Server,
  Settings,
  ShieldCheck,
} from 'lucide-react';
import type { Texts } from '../texts/en.ts';

export interface Place {
  to:
    | '/'
    | '/domains'
    | '/certificates'
    | '/mailboxes'
    | '/aliases'
    | '/mail-servers'
    | '/activity'
    | '/tokens'
    | '/secondaries'
    | '/settings';
  label: (t: Texts) => string;
  /** Words by which somebody might look for it. */
  words: (t: Texts) => string;
  icon: LucideIcon;
  /** Only for who may do everything. */
  admin?: boolean;
}

export interface PlaceGroup {
  label: ((t: Texts) => string) | undefined;
  places: readonly Place[];
}

/** What the navigation and the palette lead to. A page that is not there is not here. */
const placeGroups: readonly PlaceGroup[] = [
  {
    label: undefined,
    places: [
      { to: '/', label: (t) => t.overview.title, words: (t) => t.overview.words, icon: Gauge },
      { to: '/domains', label: (t) => t.domains.title, words: (t) => t.domains.words, icon: Globe },
      {
        to: '/certificates',
        label: (t) => t.certificates.title,
        words: (t) => t.certificates.words,
        icon: ShieldCheck,
        admin: true,
      },
      {
        to: '/secondaries',
        label: (t) => t.secondaries.short,
        words: (t) => t.secondaries.words,
        icon: Network,
        admin: true,
      },
    ],
  },
  {
    label: (t) => t.shell.groups.mail,
    places: [
      { to: '/mailboxes', label: (t) => t.mailboxes.title, words: (t) => t.mailboxes.words, icon: Mails },
      { to: '/aliases', label: (t) => t.aliases.title, words: (t) => t.aliases.words, icon: AtSign },
      {
        to: '/mail-servers',
        label: (t) => t.mailServers.title,
        words: (t) => t.mailServers.words,
        icon: Server,
        admin: true,
      },
    ],
  },
  {
    label: (t) => t.shell.groups.box,
    places: [
      {
        to: '/activity',
        label: (t) => t.activity.title,
        words: (t) => t.activity.words,
        icon: Activity,
        admin: true,
      },
      {
        to: '/tokens',
        label: (t) => t.tokens.title,
        words: (t) => t.tokens.words,
        icon: KeySquare,
        admin: true,
      },
      {
        to: '/settings',
        label: (t) => t.settings.title,
        words: (t) => t.settings.words,
        icon: Settings,
        admin: true,
      },
    ],
  },
];

/** The pages that somebody can use, by what the session says that they may. */
export function placesFor(may: readonly string[]): PlaceGroup[] {
  return placeGroups
    .map((group) => ({
      ...group,
      places: group.places.filter(({ admin }) => admin !== true || may.includes('admin')),
    }))
    .filter(({ places }) => places.length > 0);
}
