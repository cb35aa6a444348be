import { domainToUnicode } from 'node:url';
import type { Name } from '../../dns/wire/name.ts';
import type { Mailbox } from './mailbox.ts';

/** A domain as people write it: in U-labels (UTS #46). Only to be shown. */
export function readableDomain(domain: Name): string {
  const text = domain.canonical().toText();
  // Empty for what is no A-label after all.
  return domainToUnicode(text) || text;
}

/** A mailbox as people write it. Only to be shown: they sign in with `address`. */
export function readableAddress({ local, domain }: Mailbox): string {
  return `${local}@${readableDomain(domain)}`;
}

/** At most `max` characters; what is cut off is marked. */
export function shorten(text: string, max: number): string {
  const characters = Array.from(text);
  return characters.length <= max ? text : `${characters.slice(0, max - 1).join('')}…`;
}
