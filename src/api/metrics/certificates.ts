import { readMetric, type ReadMetric, single } from './snapshot.ts';

const limitLabels = {
  orders: 'orders',
  sameNames: 'same_names',
  registeredDomain: 'registered_domain',
  failures: 'failures',
} as const;

export const certificateMetrics: readonly ReadMetric[] = [
  readMetric({
    name: 'signpost_certificates',
    help: 'Certificates, by state.',
    type: 'gauge',
    labels: ['state'],
    read: ({ certificates }) =>
      Object.entries(certificates.states).map(([state, count]) => [{ state }, count] as const),
  }),
  single(
    'signpost_certificates_first_expiry_timestamp_seconds',
    'gauge',
    'When the first certificate in use expires; self-signed and revoked ones apart.',
    ({ certificates }) => certificates.firstExpiry && certificates.firstExpiry / 1000,
  ),
  readMetric({
    name: 'signpost_box_certificate_expiry_timestamp_seconds',
    help: "When the certificate expires that HTTPS shows at the box's own name; kind is acme, own or self-signed.",
    type: 'gauge',
    labels: ['kind'],
    read: ({ boxCertificate: { kind, notAfter } }) => [[{ kind }, Date.parse(notAfter) / 1000]],
  }),
  single(
    'signpost_acme_orders',
    'gauge',
    'Orders under way at the CA.',
    ({ certificates }) => certificates.orders,
  ),
  readMetric({
    name: 'signpost_acme_attempts_total',
    help: "Attempts to get a certificate, by outcome (success, postponed for a limit of the CA's, failed) and error type.",
    type: 'counter',
    labels: ['outcome', 'problem'],
    read: ({ certificates }) =>
      certificates.attempts.map(({ outcome, problem = '', count }) => [{ outcome, problem }, count]),
  }),
  readMetric({
    name: 'signpost_acme_limit_uses',
    help: 'Uses that the CA counts against its limit now; of the names that come nearest, where it counts for each.',
    type: 'gauge',
    labels: ['limit'],
    read: ({ certificates }) =>
      certificates.limits.map(({ limit, uses }) => [{ limit: limitLabels[limit] }, uses]),
  }),
  readMetric({
    name: 'signpost_acme_limit',
    help: 'Uses that the CA allows.',
    type: 'gauge',
    labels: ['limit'],
    read: ({ certificates }) =>
      certificates.limits.map(({ limit, allowed }) => [{ limit: limitLabels[limit] }, allowed]),
  }),
  single(
    'signpost_hooks_in_trouble',
    'gauge',
    'Hooks that did not succeed for a certificate, each once for each, and those that are not run at all.',
    ({ hooksInTrouble }) => hooksInTrouble,
  ),
];
