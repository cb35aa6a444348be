import { derivedText } from '../text.ts';
import type { DomainRule } from './rule.ts';

/**
 * The box sends as whom it receives for. H itself says `a`: bounces have no sender address, so receivers judge them
 * by the HELO name, which is H (RFC 7208 §2.4), and that must hold even when a person leads H's own mail elsewhere.
 */
export const spf: DomainRule = {
  id: 'spf',
  rfc: 'RFC 7208',
  level: 'required',
  why: 'Says that only the box sends mail for this domain, so that others can refuse forgeries.',
  derive: ({ box }, { name, mail }) =>
    mail ? [derivedText(name, name.equals(box.hostname) ? 'v=spf1 a -all' : 'v=spf1 mx -all')] : [],
};
