import type { X509Certificate } from 'node:crypto';
import type { CertificateName } from '../model.ts';
import type { Certificate } from './certificate.ts';
import type { CertificateKey } from './key.ts';
import { covers } from './names.ts';
import { type ParsedChain, title } from './parse-chain.ts';
import { issuedByPublicRoot } from './public-roots.ts';

export interface ChainCheck {
  chain: ParsedChain;
  key: CertificateKey;
  /** Names that it must be good for. */
  names?: readonly CertificateName[];
  /** Milliseconds since the epoch. */
  now: number;
  /** Whether a root that clients know issued it; by default those of the browsers and of this machine. */
  knownRootIssued?: (certificate: X509Certificate) => boolean;
}

const SMALLEST_RSA = 2048;
/** RFC 8422 §5.1.1 and what browsers take; RFC 8032 keys are in no public CA's certificates. */
const curves = ['prime256v1', 'secp384r1', 'secp521r1'];

/** Everything that would keep clients from trusting a person's own certificate, each with what to do about it. */
export function checkChain(check: ChainCheck): string[] {
  const { certificates } = check.chain;
  return [
    ...leafProblems(check, certificates[0]),
    ...certificates.flatMap((one, index) => [
      ...dateProblems(one, check.now),
      ...strengthProblems(one),
      ...(index === 0 ? [] : issuerProblems(one, certificates.slice(0, index))),
    ]),
    ...endProblems(certificates, check.knownRootIssued ?? issuedByPublicRoot),
  ];
}

function leafProblems({ key, names = [] }: ChainCheck, leaf: Certificate): string[] {
  const problems: string[] = [];
  if (leaf.spkiSha256 !== key.spkiSha256)
    problems.push(
      `The private key does not belong to the certificate of ${title(leaf)}: give the one that its request was made with.`,
    );
  if (leaf.isCa)
    problems.push(
      `The certificate of ${title(leaf)} is a CA's (basicConstraints CA:TRUE): ask for a server's.`,
    );
  if (!leaf.forServers)
    problems.push(
      'The certificate is not for servers (its extended key usage has no serverAuth): ask for a TLS server certificate.',
    );
  if (leaf.names.length === 0)
    problems.push(
      'The certificate has no DNS names (subjectAltName), and clients look at nothing else: ask for one with them.',
    );
  const missing = names.filter((name) => !leaf.names.some((has) => covers(has, name)));
  if (missing.length > 0)
    problems.push(
      `The certificate is not for ${missing.join(', ')}, only for ${leaf.names.join(', ') || 'no name'}.`,
    );
  return problems;
}

function dateProblems(certificate: Certificate, now: number): string[] {
  const { notBefore, notAfter } = certificate;
  if (now > Date.parse(notAfter))
    return [`The certificate of ${title(certificate)} expired on ${notAfter}: get a new one.`];
  if (now < Date.parse(notBefore))
    return [
      `The certificate of ${title(certificate)} is valid only from ${notBefore}: install it then, or check the clock.`,
    ];
  return [];
}

function strengthProblems(certificate: Certificate): string[] {
  const { publicKey } = certificate;
  const { modulusLength = 0, namedCurve = '' } = publicKey.asymmetricKeyDetails ?? {};
  const type = publicKey.asymmetricKeyType ?? 'unknown';
  const who = title(certificate);
  const problems: string[] = [];
  if (type.startsWith('rsa')) {
    if (modulusLength < SMALLEST_RSA)
      problems.push(`The RSA key of ${who} has ${modulusLength} bits: clients want ${SMALLEST_RSA} or more.`);
  } else if (!curves.includes(namedCurve)) {
    problems.push(
      `The key of ${who} (${namedCurve || type}) is of a kind that browsers and mail servers do not take: use ECDSA P-256 or RSA.`,
    );
  }
  const { signatureHash } = certificate;
  // The signature of a root is not looked at.
  if (!certificate.isSelfSigned && (signatureHash === 'SHA-1' || signatureHash === 'MD5'))
    problems.push(
      `The certificate of ${who} is signed with ${signatureHash}, which clients refuse: get one signed with SHA-256.`,
    );
  return problems;
}

/** `below`: the leaf, and the CAs from it up to the one that the issuer certified. */
function issuerProblems(issuer: Certificate, below: readonly Certificate[]): string[] {
  const certificate = below.at(-1)!;
  if (!certificate.x509.verify(issuer.publicKey))
    return [
      `The signature of ${title(issuer)} on the certificate of ${title(certificate)} is wrong: they are not of the same chain.`,
    ];
  if (!issuer.isCa)
    return [
      `${title(issuer)} issued the certificate of ${title(certificate)} but is no CA (basicConstraints CA:TRUE, keyUsage keyCertSign).`,
    ];
  return [...pathProblems(issuer, below.slice(1)), ...purposeProblems(issuer)];
}

/** RFC 5280 §4.2.1.9: a CA that certified itself, for a new key, counts for none. */
function pathProblems(issuer: Certificate, cas: readonly Certificate[]): string[] {
  const { pathLength } = issuer;
  const count = cas.filter(({ x509 }) => x509.subject !== x509.issuer).length;
  if (pathLength === undefined || count <= pathLength) return [];
  return [
    `CAs between ${title(issuer)} and the server: ${count}, and it allows for ${pathLength} (basicConstraints pathlen); get a certificate from another of its CAs.`,
  ];
}

/** Clients take the extended key usage of a CA for a limit on what it certifies; that of a root is not looked at. */
function purposeProblems(issuer: Certificate): string[] {
  if (issuer.forServers || issuer.isSelfSigned) return [];
  return [`${title(issuer)} may not certify servers (its extended key usage has no serverAuth).`];
}

/** Clients have the root and nothing below it: what leads there must be sent. */
function endProblems(
  certificates: readonly Certificate[],
  knownRootIssued: (certificate: X509Certificate) => boolean,
): string[] {
  const last = certificates.at(-1)!;
  if (last.isSelfSigned)
    return certificates.length > 1
      ? []
      : [
          'The certificate is self-signed, so no client trusts it; the box serves one of its own until there is a better one.',
        ];
  if (knownRootIssued(last.x509)) return [];
  return [
    `The certificate of ${last.issuer} is missing: add the CA's certificates to the chain; those of a CA that browsers do not know up to its root.`,
  ];
}
