import type { Name } from '../../dns/wire/name.ts';
import type { Snapshot } from '../../work/rows.ts';
import type { Box, DkimRecordKey, SshFingerprint, TlsaKey } from '../model.ts';

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

/** What zones are derived from that other parts of the box know, each in the state that is asked about. */
export interface RecordSources {
  /** DKIM keys of these domains. */
  dkimKeys(state: Snapshot, domains: readonly Name[]): DkimRecordKey[];
  sshFingerprints(): readonly SshFingerprint[];
  /** `domains`: those whose MTA-STS policies are wanted; H's keys only for the zone that holds it. */
  certificates(
    state: Snapshot,
    box: Box,
    wanted: { domains: readonly Name[]; hostname: boolean },
  ): CertificateFacts | undefined;
  /** Those at the owners; without owners all of the zone. */
  acmeChallenges(state: Snapshot, zone: Name, owners: readonly Name[] | undefined): AcmeChallenge[];
}
