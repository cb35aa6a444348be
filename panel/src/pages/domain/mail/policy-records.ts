import type { RecordView } from '../../../api/queries.ts';

export type PolicyKind = 'spf' | 'dmarc' | 'mtaSts' | 'tlsRpt';

/** What a policy asks of others, in its own word: `-all` of SPF, `p=` of DMARC. */
export type PolicyMode = '-all' | '~all' | '?all' | 'none' | 'quarantine' | 'reject';

export interface Policy {
  kind: PolicyKind;
  /** Its records; none: it is not there. */
  found: RecordView[];
  mode: PolicyMode | undefined;
}

/** Where each stands (RFC 7208, 7489, 8461, 8460), and how its text begins. */
const places: readonly { kind: PolicyKind; label: string; begins: string; mode?: RegExp }[] = [
  { kind: 'spf', label: '', begins: 'v=spf1', mode: /\s([-~?]all)\b/i },
  { kind: 'dmarc', label: '_dmarc.', begins: 'v=DMARC1', mode: /;\s*p=(none|quarantine|reject)\b/i },
  { kind: 'mtaSts', label: '_mta-sts.', begins: 'v=STSv1' },
  { kind: 'tlsRpt', label: '_smtp._tls.', begins: 'v=TLSRPTv1' },
];

/** The policies among the records of a domain. */
export function policiesOf(domain: string, records: readonly RecordView[]): Policy[] {
  return places.map(({ kind, label, begins, mode }) => {
    const found = records.filter(
      ({ owner, type, value }) =>
        type === 'TXT' &&
        owner === label + domain &&
        textOf(value).toLowerCase().startsWith(begins.toLowerCase()),
    );
    const word = mode?.exec(textOf(found[0]?.value ?? ''))?.[1]?.toLowerCase();
    return { kind, found, mode: word as PolicyMode | undefined };
  });
}

/** The text of a TXT record, whose strings stand in quotes. */
const textOf = (value: string): string => value.replaceAll(/"\s*"/g, '').replaceAll('"', '');
