import type { CertificateService, CertificateView, ExportedCertificate } from '../../src/certs/model.ts';
import { AppError } from '../../src/core/errors.ts';
import { Name } from '../../src/dns/wire/name.ts';

/** A key such as one that somebody installs; nothing that is answered or logged may hold it. */
export const privateKeyMarker = 'MC4CAQAwBQYDK2VwBCIEIKEPMESECRET';

const blank = {
  keyAlgorithm: 'ecdsa-p256',
  issuer: undefined,
  serialNumber: undefined,
  notBefore: undefined,
  notAfter: undefined,
  step: undefined,
  problem: undefined,
  nextAttemptAt: undefined,
  nextAttemptWhy: undefined,
  attempts: [],
} as const satisfies Partial<CertificateView>;

const issued = {
  issuer: "CN=R10, O=Let's Encrypt",
  serialNumber: '03a1b2c3',
  notBefore: '2026-01-01T00:00:00Z',
  notAfter: '2026-04-01T00:00:00Z',
};

const ofDomain: CertificateView = {
  ...blank,
  ...issued,
  id: 'c0',
  names: ['example.com', '*.example.com'],
  purpose: { kind: 'domain', domain: Name.parse('Example.com') },
  kind: 'acme',
  state: 'valid',
  nextAttemptAt: '2026-03-02T00:00:00Z',
  nextAttemptWhy: 'two thirds of its lifetime',
  attempts: [
    {
      startedAt: '2025-12-31T23:00:00Z',
      endedAt: '2025-12-31T23:00:05Z',
      step: 'failed',
      problem: 'The CA could not ask the nameserver.',
      detail: 'DNS problem: SERVFAIL looking up TXT for _acme-challenge.example.com',
    },
  ],
};

function exported({ id, names }: CertificateView): ExportedCertificate {
  const chain = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
  return { id, names, kind: 'acme', ...issued, chain };
}

/** Certificates for the status tables of the API: a small model, whose orders never end by themselves. */
export function memoryCertificates(): CertificateService {
  const all = new Map<string, CertificateView>([[ofDomain.id, ofDomain]]);
  /** How often the account's key was rolled over; its URL has it, so that a test sees the call. */
  let rolled = 0;
  const put = (view: CertificateView): CertificateView => {
    all.set(view.id, view);
    return view;
  };
  const get = (id: string): CertificateView => {
    const view = all.get(id);
    if (!view) throw new AppError('not-found', `There is no certificate ${id} on this box.`);
    return view;
  };
  const make = (names: readonly string[], rest: Partial<CertificateView>): CertificateView => {
    const strange = names.find((name) => !/(^|\.)example\.com$/.test(name));
    if (strange !== undefined) throw new AppError('outside-zone', `${strange} is in no zone of this box.`);
    const purpose = { kind: 'requested' } as const;
    return put({ ...blank, id: `c${all.size}`, names, purpose, kind: 'acme', state: 'ordering', ...rest });
  };
  return {
    list: ({ limit, cursor }) => {
      const start = Number(cursor ?? 0);
      const items = [...all.values()].slice(start, start + limit);
      return { items, next: start + limit < all.size ? String(start + limit) : undefined };
    },
    get: (id) => all.get(id),
    ofDomain: (domain) =>
      [...all.values()].filter(({ names }) => names.includes(domain.canonical().toText())),
    issue: async (_, names, keyAlgorithm = 'ecdsa-p256') =>
      Promise.resolve(make(names, { keyAlgorithm, step: 'waiting' })),
    renew: async (_, id) => Promise.resolve(put({ ...get(id), state: 'renewing', step: 'waiting' })),
    revoke: async (_, id, reason) =>
      Promise.resolve(put({ ...get(id), state: 'revoked', nextAttemptWhy: `reason ${reason}` })),
    request: async (_, names, keyAlgorithm = 'ecdsa-p256') => {
      const { id } = make(names, { keyAlgorithm, kind: 'own', state: 'self-signed' });
      return Promise.resolve({ id, csr: '-----BEGIN CERTIFICATE REQUEST-----\n' });
    },
    install: async (_, chain, privateKey) => {
      const view = make(['www.example.com'], { ...issued, kind: 'own', state: 'valid' });
      // What a service has besides: it must not get out.
      return Promise.resolve(Object.assign(view, { chain, privateKey }));
    },
    chain: (id) => exported(get(id)),
    exportKey: (_, id) => Promise.resolve({ ...exported(get(id)), privateKey: privateKeyMarker }),
    settings: () => ({
      directory: 'https://ca.example.org/directory',
      ...{ caBundle: undefined, email: 'admin@example.com', profile: undefined },
      ...{ accountUri: `https://ca.example.org/account/${rolled}`, caaIdentities: ['ca.example.org'] },
      eab: { keyId: 'k', hmacKey: privateKeyMarker },
    }),
    rollAccountKey: () => {
      rolled++;
      return Promise.resolve();
    },
  };
}
