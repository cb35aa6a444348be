import type { CertificateFacts } from '../../zones/publisher/sources.ts';
import type { CertificateReads } from '../store.ts';

/** Let's Encrypt, which is the default, and its staging. */
const letsEncrypt = ['acme-v02.api.letsencrypt.org', 'acme-staging-v02.api.letsencrypt.org'];

/** What is known of a CA that was never asked: of the default one what its directory says, so that CAA is right from the first moment. */
export function identitiesBefore(directory: string): string[] {
  return letsEncrypt.includes(new URL(directory).host) ? ['letsencrypt.org'] : [];
}

/** What CAA is to say of the CA with this directory, and of the account there. */
export function accountFacts(
  reads: Pick<CertificateReads, 'account'>,
  directory: string | undefined,
): Pick<CertificateFacts, 'accountUri' | 'caaIdentities'> {
  if (directory === undefined) return { accountUri: undefined, caaIdentities: [] };
  const row = reads.account(directory);
  return { accountUri: row?.url, caaIdentities: row?.caaIdentities ?? identitiesBefore(directory) };
}
