import type { Random } from '../../core/random.ts';
import type { CertificateName } from '../model.ts';
import { alternativeNames } from './csr.ts';
import { type CertificateKey, signingKeys } from './key.ts';
import { x509 } from './library.ts';

const DAY = 86_400_000;
/** RFC 5280 appendix A: ub-common-name. */
const LONGEST_COMMON_NAME = 64;

export interface SelfSignedOptions {
  names: readonly CertificateName[];
  key: CertificateKey;
  /** Milliseconds since the epoch. It is valid from a day before, for clients whose clock is behind. */
  now: number;
  /** Days of validity, with the one before now. */
  days: number;
  random: Random;
}

/** A server certificate (PEM) that its own key signed. */
export async function selfSigned({ names, key, now, days, random }: SelfSignedOptions): Promise<string> {
  const library = x509();
  const { keys, signingAlgorithm } = signingKeys(key);
  const commonName = names.find((name) => name.length <= LONGEST_COMMON_NAME);
  const notBefore = now - DAY;
  const certificate = await library.X509CertificateGenerator.createSelfSigned({
    keys,
    signingAlgorithm,
    serialNumber: serialNumber(random),
    name: [{ O: ['Signpost'] }, ...(commonName === undefined ? [] : [{ CN: [commonName] }])],
    notBefore: new Date(notBefore),
    // RFC 5280 §4.1.2.5: valid through the last second.
    notAfter: new Date(notBefore + days * DAY - 1000),
    extensions: [
      new library.BasicConstraintsExtension(false, undefined, true),
      new library.KeyUsagesExtension(library.KeyUsageFlags.digitalSignature, true),
      new library.ExtendedKeyUsageExtension([library.ExtendedKeyUsage.serverAuth]),
      alternativeNames(names),
      await library.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return `${certificate.toString('pem')}\n`;
}

/** RFC 5280 §4.1.2.2: positive, at most 20 octets. The second highest bit is set so that all 16 count. */
function serialNumber(random: Random): string {
  const octets = random.bytes(16);
  octets[0] = (octets[0]! & 0x7f) | 0x40;
  return Buffer.from(octets).toString('hex');
}
