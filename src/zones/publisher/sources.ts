import type { Name } from '../../dns/wire/name.ts';
import type { DkimRecordKey, SshFingerprint, TlsaKey } from '../model.ts';
import type { Reads, Transaction } from '../store.ts';

/** DKIM keys, which mail keeps: they come and go with the domain, in the same transaction. */
export interface MailKeys {
  keysFor(reads: Reads, domains: readonly Name[]): DkimRecordKey[];
  addDomain(tx: Transaction, domain: Name): void;
  removeDomain(tx: Transaction, domain: Name): void;
}

/** What certificates put into zones. */
export interface CertificateFacts {
  /** URI of the ACME account (RFC 8657 §3); undefined until there is one. */
  accountUri: string | undefined;
  /** Names that the CA in use knows itself by in CAA (RFC 8555 §7.1.1); empty while it has not said any. */
  caaIdentities: readonly string[];
  /** Keys of H's certificates. */
  tlsaKeys: readonly TlsaKey[];
  /** Domains whose `mta-sts.` certificate is valid and served, with the id of their policy. */
  mtaStsPolicies: ReadonlyMap<string, string>;
}

/** What a CA is to find at an owner while it looks whether the name is ours (RFC 8555 §8.4). */
export interface AcmeChallenge {
  owner: Name;
  value: string;
}

/** What zones are derived from that other parts of the box know. */
export interface RecordSources {
  mailKeys: MailKeys;
  sshFingerprints(): readonly SshFingerprint[];
  certificates(): CertificateFacts | undefined;
  /** Those at the owners; without owners all of the zone. */
  acmeChallenges(reads: Reads, zone: Name, owners: readonly Name[] | undefined): AcmeChallenge[];
}
