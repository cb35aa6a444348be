import { History, KeyRound, Landmark, List, type LucideIcon } from 'lucide-react';
import type { Texts } from '../../texts/en.ts';

interface Tab {
  key: keyof Texts['domain']['tabs'];
  to: `/domains/$domain${'' | '/registrar' | '/dnssec' | '/history'}`;
  /** How an address of it ends; of the first one any does. */
  path: string;
  icon: LucideIcon;
  /** Only for zones that the box serves. */
  local?: boolean;
}

export const tabs: readonly Tab[] = [
  { key: 'records', to: '/domains/$domain', path: '', icon: List },
  { key: 'registrar', to: '/domains/$domain/registrar', path: '/registrar', icon: Landmark, local: true },
  { key: 'dnssec', to: '/domains/$domain/dnssec', path: '/dnssec', icon: KeyRound, local: true },
  { key: 'history', to: '/domains/$domain/history', path: '/history', icon: History, local: true },
];
