import type { Clock } from '../../core/clock.ts';
import { AppError } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';
import type { UnitOfWork } from '../../work/unit-of-work.ts';
import type { Reads } from '../../zones/store.ts';
import { type Adoption, storedCertificate } from './adopt.ts';
import type { CertificateName, KeyAlgorithm } from '../model.ts';
import { requestedNames } from './requested-names.ts';
import { system } from '../actor.ts';
import { type Rows } from './rows.ts';
import { ranks } from './desired.ts';
import { newRow } from './wanted.ts';
import { type CertificateRow, certificateRows } from '../store.ts';
import { checkChain } from '../x509/check-chain.ts';
import { createCsr } from '../x509/csr.ts';
import { type CertificateKey, createKey, readKey } from '../x509/key.ts';
import { parseChain } from '../x509/parse-chain.ts';

export interface OwnOptions {
  work: UnitOfWork;
  reads: Reads;
  rows: Rows;
  adoption: Adoption;
  busy: (id: string) => boolean;
  clock: Clock;
  random: Random;
}

/** Makes a key and a request for a certificate of the person's own; the key waits here for the certificate. */
export async function requestOwn(
  options: OwnOptions,
  names: readonly CertificateName[],
  keyAlgorithm: KeyAlgorithm,
): Promise<{ row: CertificateRow; csr: string }> {
  const { rows } = options;
  const key = await createKey(keyAlgorithm);
  const { id } = await rowFor(options, names, keyAlgorithm);
  const row = await rows.update(id, (current) => ({
    ...current,
    requested: { spkiSha256: key.spkiSha256 },
    sealedRequestedKey: rows.seal(key),
  }));
  return { row, csr: (await createCsr(names, key)).pem };
}

/**
 * Installs a person's own certificate, with the key that came along or that a request of ours waits with.
 * @throws AppError invalid-request with everything that clients would not trust; in-use while an order for the names runs
 */
export async function installOwn(
  options: OwnOptions,
  text: string,
  privateKey: string | undefined,
): Promise<CertificateRow> {
  const { rows, adoption, clock, reads } = options;
  const result = parseChain(text);
  if (!result.ok) throw refused('chain', result.problems);
  const { parsed } = result;
  const { leaf } = parsed;
  const requested = reads.rows(certificateRows).requested(leaf.spkiSha256);
  const key = privateKey === undefined ? requestedKey(requested, rows) : readKey(privateKey);
  if (!key)
    throw privateKey === undefined
      ? refused('privateKey', [
          'No request of the box has this key: give the private key with the certificate.',
        ])
      : refused('privateKey', ['This is no private key in PEM without a passphrase.']);
  const problems = checkChain({ chain: parsed, key, names: requested?.names ?? [], now: clock.now() });
  if (problems.length > 0) throw refused('chain', problems);
  const names = requestedNames(reads, leaf.names);
  const row = requested ?? (await rowFor(options, names, 'ecdsa-p256'));
  if (options.busy(row.id))
    throw new AppError('in-use', 'An order for these names is under way; install it when that has ended.');
  await rows.update(row.id, (current) => ({
    ...current,
    pending: undefined,
    requested: undefined,
    sealedRequestedKey: undefined,
  }));
  await adoption.announceKey(row.id, key, leaf.names);
  return adoption.adopt(row.id, storedCertificate('own', parsed));
}

function requestedKey(row: CertificateRow | undefined, rows: Rows): CertificateKey | undefined {
  if (!row?.requested || !row.sealedRequestedKey) return undefined;
  return rows.open(row.sealedRequestedKey, row.requested.spkiSha256);
}

/** The row with exactly these names, or a new one that no CA is asked for. */
async function rowFor(
  { work, clock, random }: OwnOptions,
  names: readonly CertificateName[],
  keyAlgorithm: KeyAlgorithm,
): Promise<CertificateRow> {
  const what = { names, purpose: { kind: 'requested' as const }, rank: ranks.requested, keyAlgorithm };
  return work.change({ actor: system, cause: 'own certificate wanted' }, (unit) => {
    const rows = unit.rows(certificateRows);
    const existing = rows.withNames(names);
    if (existing) return existing;
    const row = { ...newRow(what, { clock, random, orders: false }), schedule: undefined };
    rows.put(row);
    return row;
  });
}

function refused(path: string, problems: readonly string[]): AppError {
  const errors = problems.map((message) => ({ path, message }));
  return new AppError('invalid-request', problems.join(' '), { errors });
}
