import { type KeyObject, X509Certificate } from 'node:crypto';
import { toRfc3339 } from '../../core/rfc3339.ts';
import type { CertificateName } from '../model.ts';
import { sha256 } from './key.ts';
import { type X509, x509 } from './library.ts';
import { normalHost } from './names.ts';

/** What a certificate says. */
export interface CertificateInfo {
  names: readonly CertificateName[];
  /** Who it is for, and who signed it, for people: such as `R11 (Let's Encrypt)`. */
  subject: string;
  issuer: string;
  /** Hex, as browsers and `openssl x509 -serial` show it, in lower case. */
  serialNumber: string;
  /** RFC 3339. */
  notBefore: string;
  notAfter: string;
  /** Hex SHA-256 of the SubjectPublicKeyInfo: TLSA 3 1 1. */
  spkiSha256: string;
  /** Hex; undefined when it does not say. */
  authorityKeyIdentifier: string | undefined;
  /** By which a CA's renewal information is asked for (RFC 9773 §4.1). */
  renewalInfoId: string | undefined;
  /** By its basic constraints and its key usage (RFC 5280 §4.2.1.9, §4.2.1.3). */
  isCa: boolean;
  /** How many CAs may stand between it and a server; undefined: any number. */
  pathLength: number | undefined;
  isSelfSigned: boolean;
  /** Whether servers may use it (RFC 5280 §4.2.1.12). */
  forServers: boolean;
  /** Such as `SHA-256`; undefined where the signature scheme has none of its own. */
  signatureHash: string | undefined;
}

/** A certificate, and what checks of signatures need. */
export interface Certificate extends CertificateInfo {
  der: Uint8Array;
  x509: X509Certificate;
  publicKey: KeyObject;
}

/** Undefined when it is no certificate. */
export function readCertificate(der: Uint8Array): Certificate | undefined {
  try {
    const { X509Certificate: Reader } = x509();
    const parsed = new Reader(der);
    const native = new X509Certificate(der);
    // What is read only when asked for is asked for here: it may be damaged as well.
    const { publicKey } = native;
    return { ...infoOf(parsed, native), der, x509: native, publicKey };
  } catch {
    // What the libraries say ("Cannot get schema for …") helps nobody.
    return undefined;
  }
}

type Parsed = X509.X509Certificate;

function infoOf(parsed: Parsed, native: X509Certificate): CertificateInfo {
  const library = x509();
  const usage = parsed.getExtension(library.ExtendedKeyUsageExtension);
  const issued = parsed.getExtension(library.AuthorityKeyIdentifierExtension)?.keyId;
  return {
    names: namesOf(parsed),
    subject: readable(parsed.subjectName),
    issuer: readable(parsed.issuerName),
    serialNumber: native.serialNumber.toLowerCase(),
    notBefore: toRfc3339(parsed.notBefore.getTime()),
    notAfter: toRfc3339(parsed.notAfter.getTime()),
    // As it is in the certificate: exported again, it need not be the same octets.
    spkiSha256: sha256(new Uint8Array(parsed.publicKey.rawData)),
    authorityKeyIdentifier: issued?.toLowerCase(),
    renewalInfoId: issued && renewalInfoId(issued, native.serialNumber),
    isCa: native.ca,
    pathLength: parsed.getExtension(library.BasicConstraintsExtension)?.pathLength,
    isSelfSigned: native.subject === native.issuer && native.verify(native.publicKey),
    forServers:
      usage === null ||
      [library.ExtendedKeyUsage.serverAuth, ANY_USAGE].some((oid) => usage.usages.includes(oid)),
    signatureHash: (parsed.signatureAlgorithm as { hash?: { name: string } }).hash?.name,
  };
}

function renewalInfoId(keyIdentifier: string, serialNumber: string): string {
  const serial = Buffer.from(serialNumber, 'hex');
  // The octets of the DER INTEGER: one with its highest bit set has a zero before it.
  const integer = serial[0]! > 0x7f ? Buffer.concat([Buffer.of(0), serial]) : serial;
  return `${Buffer.from(keyIdentifier, 'hex').toString('base64url')}.${integer.toString('base64url')}`;
}

/** anyExtendedKeyUsage. */
const ANY_USAGE = '2.5.29.37.0';

/** The DNS names: a common name is not looked at (RFC 9525 §2). */
function namesOf(parsed: Parsed): CertificateName[] {
  const items = parsed.getExtension(x509().SubjectAlternativeNameExtension)?.names.items ?? [];
  return [...new Set(items.filter(({ type }) => type === 'dns').map(({ value }) => normalHost(value)))];
}

function readable(name: Parsed['subjectName']): string {
  const [common] = name.getField('CN');
  const [organisation] = name.getField('O');
  if (common === undefined) return organisation ?? name.toString();
  return organisation === undefined ? common : `${common} (${organisation})`;
}
