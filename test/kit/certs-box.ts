import type { AcmeClient } from '../../src/certs/acme/protocol.ts';
import type { WaitForSecondaries } from '../../src/certs/challenges/secondaries.ts';
import { boxCertificate } from '../../src/certs/installed/box-certificate.ts';
import { openedCertificates } from '../../src/certs/installed/opened.ts';
import { createCertificateStore } from '../../src/certs/installed/store.ts';
import { certificateFacts } from '../../src/certs/published/facts.ts';
import { type Certificates, createCertificates } from '../../src/certs/service.ts';
import { certificateRows, type HookWishes } from '../../src/certs/store.ts';
import type { FakeClock } from '../../src/core/clock.ts';
import { createLog } from '../../src/core/log.ts';
import type { Random } from '../../src/core/random.ts';
import { createSealer } from '../../src/core/seal.ts';
import { printRdata } from '../../src/dns/rdata/registry.ts';
import { Type } from '../../src/dns/type-codes.ts';
import type { DomainPart } from '../../src/zones/domains/parts.ts';
import type { DataPlane } from '../../src/zones/publisher/publisher.ts';
import { name, openZones, person, type ZonesBox } from './zones-box.ts';

/** Zones with certificates, over a real database and in a test's own time. The CA is the test's. */
export type CertsBox = Awaited<ReturnType<typeof openCerts>>;

const sealKey = Buffer.alloc(32, 7);

export async function openCerts(options: {
  clock: FakeClock;
  random: Random;
  data?: string;
  /** Of the CA that is set. */
  directory?: string;
  caaIssuer?: string;
  /** Gets all that is served, too. */
  dataPlane?: DataPlane;
  secondaries?: WaitForSecondaries;
  /** Told when a certificate comes into use. */
  hooks?: HookWishes;
  /** What mail servers beside the box show. */
  shownKeys?: () => Promise<ReadonlySet<string>>;
  /** Take part when domains come and go, besides certificates. */
  parts?: readonly DomainPart[];
  /** Awaited before and after everything that is written, published or asked of the CA: where it never resolves, the box dies. */
  at?: () => Promise<void>;
  /** undefined: no CA is set. */
  ca: ((box: { served: (name: string, value: string) => boolean }) => AcmeClient) | undefined;
}) {
  const { clock, random } = options;
  const seams: { certificates?: Certificates } = {};
  const directory = options.ca && (options.directory ?? 'https://ca.example/directory');
  let applied = Promise.resolve();
  const zones: ZonesBox = openZones({
    ...options,
    dataPlane: {
      apply: (update) => (applied = options.dataPlane?.apply(update) ?? Promise.resolve()),
    },
    sources: {
      certificates: certificateFacts({ directory, policyId: () => 'policy1' }),
      acmeChallenges: (state, zone, owners) => state.rows(certificateRows).challengesAt(zone, owners),
    },
    parts: [
      {
        domainChanged: (change, before, after) => seams.certificates?.domainChanged(change, before, after),
      },
      ...(options.parts ?? []),
    ],
  });
  const certs = zones.work.committed.rows(certificateRows);
  if (!zones.store.read.box())
    await zones.box.put(person, {
      hostname: name('box.example.net'),
      ipv4: ['192.0.2.1'],
      ipv6: [],
      adminEmail: undefined,
      ttl: 3600,
      secondaries: [],
      caaIssuer: options.caaIssuer ?? 'auto',
    });
  const sealer = createSealer(sealKey, random);
  const fallback = await boxCertificate({ work: zones.work, sealer, clock, random }, ['box.example.net']);
  const log = createLog({ level: process.env['LOG'] ?? 'silent' });
  const installed = createCertificateStore({
    source: openedCertificates({ work: zones.work, sealer, log }),
    fallback,
    clock,
    onError(error) {
      throw error;
    },
  });
  const texts = (owner: string, type: number): string[] => {
    const at = name(owner);
    const node = zones.origins().flatMap((origin) => {
      const view = at.isAtOrBelow(name(origin)) ? zones.served(origin) : undefined;
      return view?.node(at) ?? [];
    })[0];
    const rrset = node?.rrsets.find((one) => one.type === type);
    return rrset ? rrset.rdatas.map((rdata) => printRdata(type, rdata)) : [];
  };
  const { at = () => Promise.resolve() } = options;
  const ca = options.ca?.({
    served: (host, value) => texts(`_acme-challenge.${host}`, Type.TXT).includes(`"${value}"`),
  });
  const client = ca && stopping(ca, at);
  const certificates = (seams.certificates = createCertificates({
    work: { ...zones.work, change: (why, action) => between(at, () => zones.work.change(why, action)) },
    publisher: {
      ...zones.publisher,
      change: (why, action) => between(at, () => zones.publisher.change(why, action)),
    },
    stale: zones.stale,
    sealer,
    installed,
    hooks: options.hooks ?? { want: () => undefined },
    secondaries: options.secondaries ?? (() => Promise.resolve()),
    shownKeys: options.shownKeys ?? (() => Promise.resolve(new Set())),
    settings: {
      directory,
      caBundle: undefined,
      email: undefined,
      eab: undefined,
      profile: undefined,
    },
    client,
    events: zones.events,
    clock,
    random,
    log,
  }));
  zones.jobs.start();
  return {
    zones,
    certs,
    certificates,
    installed,
    /** What is served, in presentation form. */
    texts,
    /** Waits until nothing is under way, or the box is dead. */
    async settle(dead: () => boolean = () => false): Promise<void> {
      for (let turns = 1; ; turns++) {
        await applied;
        await new Promise((resolve) => setImmediate(resolve));
        if ((certificates.idle() && !zones.jobsRun()) || dead()) return;
        // An order that polls waits in the test's time.
        if (turns % 500 !== 0) continue;
        // Keys are made by other threads: the test's time must not run away meanwhile.
        await new Promise((resolve) => setTimeout(resolve, 1));
        await applied;
        await clock.advance(1000);
      }
    },
    async close(): Promise<void> {
      await certificates.stop();
      installed.close();
      await zones.close();
    },
  };
}

async function between<R>(at: () => Promise<void>, call: () => Promise<R>): Promise<R> {
  await at();
  const result = await call();
  await at();
  return result;
}

/** The CA, with a moment to die at on both sides of each question. */
function stopping(ca: AcmeClient, at: () => Promise<void>): AcmeClient {
  return new Proxy(ca, {
    get(target, name: keyof AcmeClient) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...given: unknown[]) =>
        between(at, () => Reflect.apply(member, target, given) as Promise<unknown>);
    },
  });
}
