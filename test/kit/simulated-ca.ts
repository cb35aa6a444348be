import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { Clock } from '../../src/core/clock.ts';
import { type Random, randomInteger } from '../../src/core/random.ts';
import { AcmeError } from '../../src/certs/acme/problem.ts';
import type { AcmeAuthorization, AcmeClient, AcmeOrder, NewOrder } from '../../src/certs/acme/protocol.ts';
import { dnsAnswer } from '../../src/certs/acme/jws.ts';
import { baseName } from '../../src/certs/order/limits.ts';
import { nameSet } from '../../src/certs/store.ts';
import { signingKeys } from '../../src/certs/x509/key.ts';
import { x509 } from '../../src/certs/x509/library.ts';

/** A CA in a test's own time, behind the seam that the real client stands behind: pebble cannot live through a year in a minute. */
export interface SimulatedCa extends AcmeClient {
  /** What it counts: each order, certificate and failed validation, when and for which names. */
  readonly log: { kind: 'order' | 'certificate' | 'failure'; subject: string; at: number }[];
  /** The most orders under way for one name set that there ever were. */
  readonly mostForOneSet: () => number;
  /** The most orders under way at once, whatever their names. */
  readonly mostAtOnce: () => number;
  /** The next calls fail with this. */
  trouble: (() => AcmeError | undefined) | undefined;
  /** The next validations fail. */
  refuses: boolean;
  /** The next validations fail with this problem document. */
  refusal: { type: string; detail: string } | undefined;
  /** What clients trust: its own certificate (PEM). */
  readonly root: () => Promise<string>;
  /** Without questions and any log: for a certificate that a person got elsewhere. PEM of the leaf. */
  readonly sign: (csr: string) => Promise<string>;
}

export interface SimulatedCaOptions {
  clock: Clock;
  random: Random;
  /** Milliseconds. */
  lifetime: number;
  ari: boolean;
  /** Whether the value is served at `_acme-challenge` below the name. */
  served: (name: string, value: string) => boolean;
}

interface Order {
  view: AcmeOrder;
  names: readonly string[];
  chain: string;
}

const DAY = 86_400_000;
const ISSUER = 'CN=Simulated CA';

export function createSimulatedCa(options: SimulatedCaOptions): SimulatedCa {
  const { clock, random, lifetime } = options;
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ca = signingKeys({ privateKey, pkcs8: '', spkiSha256: '' });
  const began = clock.now();
  const orders = new Map<string, Order>();
  const authorizations = new Map<string, AcmeAuthorization & { order: string; accepted: boolean }>();
  const lives = new Map<bigint, { notBefore: number; notAfter: number }>();
  let accountKey: KeyObject | undefined;
  let serial = 1000;
  let most = 0;
  let mostOpen = 0;

  const simulated: SimulatedCa = {
    log: [],
    mostForOneSet: () => most,
    mostAtOnce: () => mostOpen,
    trouble: undefined,
    refuses: false,
    refusal: undefined,
    root,
    sign: issue,

    caaIdentities: () => Promise.resolve(['ca.example']),

    async register(key) {
      check();
      accountKey = key;
      return Promise.resolve('https://ca.example/account/1');
    },
    find: () => Promise.resolve('https://ca.example/account/1'),
    changeKey(_account, next) {
      accountKey = next;
      return Promise.resolve();
    },

    newOrder(_account, order) {
      check();
      note('order', nameSet(order.names));
      return Promise.resolve(begin(order));
    },
    order(_account, url) {
      check();
      const order = orders.get(url);
      if (!order) throw new AcmeError({ type: 'malformed', detail: 'no such order', retryAt: undefined });
      settle(order);
      return Promise.resolve({ ...order.view });
    },
    authorization(_account, url) {
      check();
      return Promise.resolve({ ...authorizations.get(url)! });
    },
    accept(_account, url) {
      check();
      const found = authorizations.get(url)!;
      const { refusal, refuses } = simulated;
      const served = options.served(found.name, dnsAnswer(found.challenge!.token, accountKey!));
      const right = served && !refuses && !refusal;
      if (!right) note('failure', found.name);
      found.status = right ? 'valid' : 'invalid';
      if (refusal) found.challenge = { ...found.challenge!, status: 'invalid', error: refusal };
      return Promise.resolve();
    },
    async finalize(_account, { url }, csr) {
      check();
      const order = orders.get(url)!;
      order.chain = await issue(csr);
      order.view = { ...order.view, status: 'valid', certificate: `${url}/certificate` };
      note('certificate', nameSet(order.names));
      return { ...order.view };
    },
    certificate(_account, url) {
      check();
      return Promise.resolve(orders.get(url.replace('/certificate', ''))!.chain);
    },
    revoke: () => Promise.resolve(),
    renewalInfo(id) {
      check();
      if (!options.ari) return Promise.resolve(undefined);
      const number = Buffer.from(id.split('.')[1]!, 'base64url').toString('hex');
      const life = lives.get(BigInt(`0x${number}`))!;
      const at = (part: number): string => new Date(life.notBefore + lifetime * part).toISOString();
      return Promise.resolve({
        ...{ start: at(0.6), end: at(0.7), retryAfter: 6 * 3_600_000 },
        explanation: undefined,
      });
    },
  };
  return simulated;

  function check(): void {
    const error = simulated.trouble?.();
    if (error) throw error;
  }

  function note(kind: 'order' | 'certificate' | 'failure', subject: string): void {
    simulated.log.push({ kind, subject, at: clock.now() });
  }

  function begin({ names }: NewOrder): AcmeOrder {
    const url = `https://ca.example/order/${orders.size}`;
    const set = nameSet(names);
    const urls = names.map((name, index) => {
      const at = `${url}/authorization/${index}`;
      const challenge = {
        url: at,
        token: `token-${randomInteger(random, 2 ** 32)}`,
        status: 'pending',
        error: undefined,
      };
      const found = { name: baseName(name), status: 'pending' as const, challenge, retryAfter: undefined };
      authorizations.set(at, { ...found, order: url, accepted: false });
      return at;
    });
    const view = {
      url,
      status: 'pending' as const,
      authorizations: urls,
      finalize: `${url}/finalize`,
      certificate: undefined,
      error: undefined,
      retryAfter: undefined,
    };
    orders.set(url, { view, names, chain: '' });
    // One whose validation failed is over, whether anybody asks or not.
    for (const order of orders.values()) settle(order);
    const open = [...orders.values()].filter((order) =>
      ['pending', 'ready', 'processing'].includes(order.view.status),
    );
    mostOpen = Math.max(mostOpen, open.length);
    most = Math.max(most, open.filter((order) => nameSet(order.names) === set).length);
    return { ...view };
  }

  /** An order is ready when all names are valid, and over when one is not. */
  function settle(order: Order): void {
    if (order.view.status !== 'pending') return;
    const states = order.view.authorizations.map((url) => authorizations.get(url)!.status);
    if (states.includes('invalid'))
      order.view = { ...order.view, status: 'invalid', error: { detail: 'refused' } };
    else if (states.every((state) => state === 'valid')) order.view = { ...order.view, status: 'ready' };
  }

  async function root(): Promise<string> {
    const certificate = await x509().X509CertificateGenerator.createSelfSigned({
      ...ca,
      serialNumber: '01',
      name: ISSUER,
      notBefore: new Date(began),
      notAfter: new Date(began + 3650 * DAY),
      extensions: [
        new (x509().BasicConstraintsExtension)(true, undefined, true),
        new (x509().KeyUsagesExtension)(x509().KeyUsageFlags.keyCertSign, true),
        await x509().SubjectKeyIdentifierExtension.create(ca.keys.publicKey),
      ],
    });
    return `${certificate.toString('pem')}\n`;
  }

  async function issue(csr: Uint8Array | string): Promise<string> {
    const request = new (x509().Pkcs10CertificateRequest)(
      typeof csr === 'string' ? csr : new Uint8Array(csr),
    );
    const number = (++serial).toString(16).padStart(8, '0');
    const notBefore = Math.floor(clock.now() / 1000) * 1000;
    const life = { notBefore, notAfter: notBefore + lifetime };
    lives.set(BigInt(serial), life);
    const certificate = await x509().X509CertificateGenerator.create({
      publicKey: request.publicKey,
      signingKey: ca.keys.privateKey,
      signingAlgorithm: ca.signingAlgorithm,
      serialNumber: number,
      issuer: ISSUER,
      subject: '',
      notBefore: new Date(life.notBefore),
      notAfter: new Date(life.notAfter),
      extensions: [
        ...request.extensions,
        await x509().AuthorityKeyIdentifierExtension.create(ca.keys.publicKey),
      ],
    });
    return `${certificate.toString('pem')}\n`;
  }
}

/** The most uses of a kind, for one group of subjects, that the CA counted within any window of so many milliseconds. */
export function mostWithin(
  { log }: Pick<SimulatedCa, 'log'>,
  kind: SimulatedCa['log'][number]['kind'],
  window: number,
  group: (subject: string) => string = (subject) => subject,
): number {
  const groups = Map.groupBy(
    log.filter((entry) => entry.kind === kind),
    ({ subject }) => group(subject),
  );
  let most = 0;
  for (const list of groups.values())
    for (const [last, { at }] of list.entries()) {
      const first = list.findIndex((other) => other.at > at - window);
      most = Math.max(most, last - first + 1);
    }
  return most;
}
