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
  /** What one must be allowed for it. */
  need?: 'admin' | 'read';
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
        to: '/secondaries',
        label: (t) => t.secondaries.short,
        words: (t) => t.secondaries.words,
        icon: Network,
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
        to: '/mail-servers',
        label: (t) => t.mailServers.title,
        words: (t) => t.mailServers.words,
        icon: Server,
        need: 'admin',
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
        to: '/settings',
        label: (t) => t.settings.title,
        words: (t) => t.settings.words,
        icon: Settings,
        need: 'admin',
      },
    ],
  },
];

/** The pages that somebody can use, by what the session says that they may. */
export function placesFor(may: readonly string[]): PlaceGroup[] {
  return placeGroups
    .map((group) => ({
      ...group,
      places: group.places.filter(({ need }) => need === undefined || may.includes(need)),
    }))
    .filter(({ places }) => places.length > 0);
}
