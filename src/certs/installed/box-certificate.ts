import type { Clock } from '../../core/clock.ts';
import { isUnwritable } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';
import type { Sealer } from '../../core/seal.ts';
import { factRows } from '../../work/facts.ts';
import type { UnitOfWork } from '../../work/unit-of-work.ts';
import type { CertificateName, InstalledCertificate } from '../model.ts';
import { system } from '../actor.ts';
import { type CertificateKey, createKey, readKey } from '../x509/key.ts';
import { normalHost } from '../x509/names.ts';
import { parseChain } from '../x509/parse-chain.ts';
import { selfSigned } from '../x509/self-signed.ts';

/** Where it is kept, sealed, among the facts about the database. */
const FACT = 'self-signed-certificate';
const DAY = 86_400_000;
/** Days. Longer ones Apple's systems refuse even when a person trusts them. */
const LIFETIME = 825;
/** Days before its end from which a start makes a new one. */
const RENEW_BEFORE = 180;

export interface BoxCertificateOptions {
  work: UnitOfWork;
  sealer: Sealer;
  clock: Clock;
  random: Random;
}

/**
 * The self-signed certificate of the box for `hosts`. Kept across restarts; its key for ever, so that whoever trusts that key (TLSA,
 * a person's pin) goes on doing so.
 */
export async function boxCertificate(
  options: BoxCertificateOptions,
  hosts: readonly string[],
): Promise<InstalledCertificate> {
  const { work, sealer, clock, random } = options;
  const names = hosts.map(normalHost);
  const kept = readKept(options);
  if (kept && isGood(kept.certificate, names, clock.now())) return kept.certificate;
  const key = kept?.key ?? (await createKey('ecdsa-p256'));
  const chain = await selfSigned({ names, key, now: clock.now(), days: LIFETIME, random });
  const certificate = toInstalled(chain, key);
  const sealed = sealer.seal(Buffer.from(JSON.stringify(certificate)), FACT);
  await work
    .change({ actor: system, cause: 'self-signed certificate made' }, (unit) =>
      unit.rows(factRows).putFact(FACT, sealed),
    )
    .catch((error: unknown) => {
      // It serves all the same, until the next start.
      if (!isUnwritable(error)) throw error;
    });
  return certificate;
}

/** One that was kept with what it says needs no reading, and so not the library that reads. */
function readKept({
  work,
  sealer,
}: BoxCertificateOptions): { certificate: InstalledCertificate; key: CertificateKey } | undefined {
  const sealed = work.committed.rows(factRows).fact(FACT);
  if (!sealed) return undefined;
  const text = Buffer.from(sealer.open(sealed, FACT)).toString();
  const stored = JSON.parse(text) as
    InstalledCertificate | Pick<InstalledCertificate, 'chain' | 'privateKey'>;
  const key = readKey(stored.privateKey);
  if (!key) throw new Error('the key of the self-signed certificate cannot be read');
  return { certificate: 'names' in stored ? stored : toInstalled(stored.chain, key), key };
}

function isGood(certificate: InstalledCertificate, names: readonly CertificateName[], now: number): boolean {
  return (
    certificate.names.join() === names.join() && Date.parse(certificate.notAfter) - now > RENEW_BEFORE * DAY
  );
}

function toInstalled(text: string, key: CertificateKey): InstalledCertificate {
  const result = parseChain(text);
  if (!result.ok) throw new Error(`the self-signed certificate cannot be read: ${result.problems.join(' ')}`);
  const { chain, leaf } = result.parsed;
  const { names, spkiSha256, notBefore, notAfter, serialNumber } = leaf;
  const id = `self-signed-${serialNumber}`;
  return { id, names, kind: 'self-signed', chain, privateKey: key.pkcs8, spkiSha256, notBefore, notAfter };
}
