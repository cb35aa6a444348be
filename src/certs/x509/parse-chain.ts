import { type Certificate, type CertificateInfo, readCertificate } from './certificate.ts';
import { pem, pemBlocks, type PemBlock } from './pem.ts';

/** More than any CA's chain; each costs verifications. */
const MOST_CERTIFICATES = 16;

export interface ParsedChain {
  /** PEM as servers send it: the leaf first, each certified by the next, without the root (RFC 8446 §4.4.2). */
  chain: string;
  leaf: CertificateInfo;
  /** The same in parts, with the root when it was given. */
  certificates: readonly [Certificate, ...Certificate[]];
}

export type ParsedChainResult = { ok: true; parsed: ParsedChain } | { ok: false; problems: string[] };

/** Reads a certificate with its chain from PEM, in whatever order they stand. Says nothing about dates and signatures: `checkChain` does. */
export function parseChain(text: string): ParsedChainResult {
  const blocks = pemBlocks(text);
  const problems = problemsOf(text, blocks);
  if (problems.length > 0) return { ok: false, problems };
  const certificates = blocks.map(({ der }) => der && readCertificate(der));
  const broken = certificates.indexOf(undefined);
  if (broken >= 0)
    return refuse(`The ${ordinal(broken)} certificate is damaged: copy it again from where it came.`);
  const leaves = leavesOf(withoutCopies(certificates as Certificate[]));
  const [leaf, second] = leaves;
  if (!leaf || second)
    return refuse(
      `There are certificates of ${leaves.length} servers (${leaves.map(title).join('; ')}): give one, with its CA's.`,
    );
  return { ok: true, parsed: chainOf(leaf, certificates as Certificate[]) };
}

function refuse(problem: string): ParsedChainResult {
  return { ok: false, problems: [problem] };
}

function problemsOf(text: string, blocks: readonly PemBlock[]): string[] {
  const labels = new Set(blocks.map(({ label }) => label));
  const problems: string[] = [];
  if ([...labels].some((label) => label.endsWith('PRIVATE KEY')))
    problems.push('A private key stands among the certificates: give it apart, never with the chain.');
  if (labels.has('CERTIFICATE REQUEST') || labels.has('NEW CERTIFICATE REQUEST'))
    problems.push('This is a signing request: give the certificate that the CA made from it.');
  if (labels.has('PKCS7'))
    problems.push('This is PKCS #7: convert it with `openssl pkcs7 -print_certs -in FILE`.');
  const count = blocks.filter(({ label }) => label === 'CERTIFICATE').length;
  if (count > MOST_CERTIFICATES)
    problems.push(`There are ${count} certificates; at most ${MOST_CERTIFICATES} are taken.`);
  if (problems.length > 0) return problems;
  if (count === 0) return [noCertificate(text)];
  const others = [...labels].filter((label) => label !== 'CERTIFICATE');
  return others.map((label) => `"BEGIN ${label}" does not belong here: give certificates only.`);
}

function noCertificate(text: string): string {
  if (text.includes('-----BEGIN CERTIFICATE-----'))
    return 'The certificate is cut off: it has no "-----END CERTIFICATE-----". Copy the whole file.';
  // DER begins with a SEQUENCE of two octets of length: in base64 "MII".
  if (/^\s*MII/.test(text) || text.startsWith('0\u0082') || text.startsWith('0\ufffd'))
    return 'This is DER: convert it to PEM with `openssl x509 -inform der -in FILE`.';
  return 'There is no certificate: give PEM, which begins with "-----BEGIN CERTIFICATE-----".';
}

function withoutCopies(certificates: readonly Certificate[]): Certificate[] {
  const byContent = new Map(certificates.map((one) => [Buffer.from(one.der).toString('latin1'), one]));
  return [...byContent.values()];
}

/** Those that issued none of the others; of CA's only when there is nothing else. */
function leavesOf(certificates: readonly Certificate[]): Certificate[] {
  const servers = certificates.filter((one) => !one.isCa);
  if (servers.length > 0) return servers.length === 1 ? servers : unissued(servers);
  return unissued(certificates).slice(0, 1);
}

function unissued(certificates: readonly Certificate[]): Certificate[] {
  const top = certificates.filter((one) =>
    certificates.every((other) => other === one || !claims(other, one)),
  );
  return top.length > 0 ? top : certificates.slice(0, 1);
}

/** Whether `issuer` is who `certificate` names as its issuer; the signature is another matter. */
function claims(certificate: Certificate, issuer: Certificate): boolean {
  return certificate.x509.issuer === issuer.x509.subject;
}

function chainOf(leaf: Certificate, given: readonly Certificate[]): ParsedChain {
  const certificates: [Certificate, ...Certificate[]] = [leaf];
  const rest = new Set(given.filter((one) => !Buffer.from(one.der).equals(leaf.der)));
  for (let last = leaf; !last.isSelfSigned;) {
    const next = issuerAmong(rest, last);
    if (!next) break;
    rest.delete(next);
    certificates.push(next);
    last = next;
  }
  const sent = certificates.filter((one, index) => index === 0 || !one.isSelfSigned);
  return { chain: sent.map(({ der }) => pem('CERTIFICATE', der)).join(''), leaf, certificates };
}

/** The one that really signed before one that only has the name; one that leads further before a root with the same key. */
function issuerAmong(candidates: Iterable<Certificate>, certificate: Certificate): Certificate | undefined {
  const rank = (one: Certificate): number =>
    (certificate.x509.verify(one.publicKey) ? 2 : 0) + (one.isSelfSigned ? 0 : 1);
  return [...candidates]
    .filter((one) => claims(certificate, one))
    .map((one) => ({ one, rank: rank(one) }))
    .sort((a, b) => b.rank - a.rank)[0]?.one;
}

/** How a certificate is named in a sentence. */
export function title({ names, subject }: CertificateInfo): string {
  return names[0] ?? subject;
}

function ordinal(index: number): string {
  return ['first', 'second', 'third', 'fourth'][index] ?? `${index + 1}th`;
}
