import {
  AppWindow,
  History,
  KeyRound,
  Landmark,
  List,
  type LucideIcon,
  Mail,
  ShieldCheck,
} from 'lucide-react';
import type { Texts } from '../../texts/en.ts';

interface Tab {
  key: keyof Texts['domain']['tabs'];
  to: `/domains/$domain${'' | '/mail' | '/web' | '/certificates' | '/registrar' | '/dnssec' | '/history'}`;
  /** What its address has behind the name of the domain. */
  path: string;
  icon: LucideIcon;
  /** Only for zones that the box serves. */
  local?: boolean;
  /** What one must be allowed for it. */
  need?: 'admin';
}

export const tabs: readonly Tab[] = [
  { key: 'records', to: '/domains/$domain', path: '', icon: List },
  { key: 'mail', to: '/domains/$domain/mail', path: '/mail', icon: Mail },
  { key: 'web', to: '/domains/$domain/web', path: '/web', icon: AppWindow },
  {
    key: 'certificates',
    to: '/domains/$domain/certificates',
    path: '/certificates',
    icon: ShieldCheck,
    need: 'admin',
  },
  { key: 'registrar', to: '/domains/$domain/registrar', path: '/registrar', icon: Landmark, local: true },
  { key: 'dnssec', to: '/domains/$domain/dnssec', path: '/dnssec', icon: KeyRound, local: true },
  { key: 'history', to: '/domains/$domain/history', path: '/history', icon: History, local: true },
];
