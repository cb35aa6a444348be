import { startHttps } from '../../src/api/https/server.ts';
import type { CertificateStore } from '../../src/certs/model.ts';
import { FakeClock, systemClock } from '../../src/core/clock.ts';
import { createLog } from '../../src/core/log.ts';
import { seededRandom, systemRandom } from '../../src/core/random.ts';
import { startDataPlane } from '../../src/dns/server/data-plane.ts';
import { Type } from '../../src/dns/type-codes.ts';
import { imageView } from '../../src/dns/zone/image-view.ts';
import type { ZoneView } from '../../src/dns/zone/node.ts';
import { createServedZones } from '../../src/dns/zone/served-zones.ts';
import type { DataPlane } from '../../src/zones/publisher/publisher.ts';
import { type CertsBox, openCerts } from './certs-box.ts';
import { type DaneClients, startDaneClients } from './dane-clients.ts';
import { startFaketimeUnbound } from './faketime-unbound.ts';
import { createMemoryCertificates, type MemoryCertificates } from './installed-certificates.ts';
import { openssl } from './openssl.ts';
import { createSimulatedCa, type SimulatedCa } from './simulated-ca.ts';
import { draftFor } from './test-zone.ts';
import { name } from './zones-box.ts';

const HOST = 'box.example.net';
const TLSA_OWNER = `_25._tcp.${HOST}`;

/** A box whose zone and HTTPS are really served, with clients who look at it on both sides of each publication. */
export interface RollingBox {
  clock: FakeClock;
  box: CertsBox;
  ca: SimulatedCa;
  clients: DaneClients;
  /** Where the next certificate is used as soon as it is announced. */
  hastyUrl: string;
  /** When other TLSA began to be served. */
  published: number[];
  /** When the certificate that was announced last is to be used. */
  installAt(): number;
  /** Goes on to this moment, and stands still at each at which the box has something to do. */
  advanceTo(time: number): Promise<void>;
}

/** `lifetime`: of the CA's certificates, milliseconds. What is to be closed goes on the end of `ends`. */
export async function openRollingBox(
  { lifetime }: { lifetime: number },
  ends: (() => unknown)[],
): Promise<RollingBox> {
  const clock = new FakeClock();
  const random = seededRandom(3);
  const { plane, apply } = await servePlane(ends);
  const made: { ca?: SimulatedCa; apply: DataPlane['apply'] } = { apply };
  const box = await openCerts({
    clock,
    random,
    dataPlane: { apply: (update) => made.apply(update) },
    ca: ({ served }) => (made.ca = createSimulatedCa({ clock, random, lifetime, ari: false, served })),
  });
  ends.push(() => box.close());
  await box.certificates.start();
  await box.settle();

  const ca = made.ca!;
  const { hasty, installAt } = hastyConsumer(box, clock);
  const [zone] = box.zones.origins();
  const key = box.texts(zone!, Type.DNSKEY).find((text) => text.startsWith('257 '))!;
  const unbound = {
    anchor: `${zone!}. 3600 IN DNSKEY ${key}`,
    zone: zone!,
    server: plane.addresses[0]!,
    clock,
  };
  const hastyUrl = await serveHttps(hasty, clock, ends);
  const tool = openssl();
  ends.push(() => tool.remove());
  const clients = await startDaneClients({
    host: HOST,
    tlsaOwner: TLSA_OWNER,
    url: await serveHttps(box.installed, clock, ends),
    hastyUrl,
    root: await ca.root(),
    clock,
    openssl: tool,
    async startUnbound() {
      const started = await startFaketimeUnbound(unbound);
      ends.push(() => started.stop());
      return started;
    },
  });

  const published: number[] = [];
  made.apply = async (update) => {
    const before = box.zones.origins().map((origin) => box.zones.served(origin)!);
    const changes = tlsaOf(before) !== tlsaOf(update.set.map(imageView));
    await clients.look('before a publication', changes);
    if (changes) await clients.fill('oldest');
    await apply(update);
    if (changes) published.push(clock.now());
    await clients.look('after a publication', changes);
  };

  async function advanceTo(time: number): Promise<void> {
    for (;;) {
      const now = clock.now();
      const wake = box.certs.nextWake() ?? time;
      const next = wake > now && wake < time ? wake : time;
      if (next > now) await clock.advance(next - now);
      await box.settle();
      if (next === time) return;
    }
  }

  return { clock, box, ca, clients, hastyUrl, published, installAt, advanceTo };
}

/** A data plane that serves a copy of what it is given: what the box commits is live only when the plane is told. */
async function servePlane(ends: (() => unknown)[]) {
  const zones = createServedZones();
  const started = await startDataPlane({
    addresses: [{ address: '127.0.0.1', port: 0 }],
    workers: 1,
    clock: systemClock,
    log: createLog({ level: 'silent' }),
    zones,
  });
  if (!started.ok) throw new Error(started.problem.message);
  const { plane } = started;
  ends.push(() => plane.close());
  const apply: DataPlane['apply'] = async ({ set, remove }) => {
    zones.commit({ set: set.map((image) => draftFor(zones, image)), remove });
    await plane.apply();
  };
  return { plane, apply };
}

async function serveHttps(
  store: CertificateStore,
  clock: FakeClock,
  ends: (() => unknown)[],
): Promise<string> {
  const server = await startHttps({
    answer: () => new Response(),
    store,
    listen: { address: '127.0.0.1', port: 0 },
    clock,
    random: systemRandom,
    log: createLog({ level: 'silent' }),
  });
  ends.push(() => server.close());
  return server.url;
}

/** A consumer as they must not be: it uses the next certificate as soon as it is told of it. */
function hastyConsumer(
  { installed }: CertsBox,
  clock: FakeClock,
): { hasty: MemoryCertificates; installAt: () => number } {
  let installAt = 0;
  const hasty = createMemoryCertificates({
    fallback: installed.forName(HOST),
    clock,
    onError(error) {
      throw error;
    },
  });
  installed.subscribe({
    before(next, at) {
      installAt = Date.parse(at);
      hasty.put(next);
    },
    changed: (current) => hasty.put(current),
  });
  return { hasty, installAt: () => installAt };
}

/** TLSA with their TTL, in a form to be compared. */
function tlsaOf(views: readonly ZoneView[]): string {
  const rrsets = views.flatMap((view) => view.node(name(TLSA_OWNER))?.rrsets ?? []);
  return rrsets
    .filter(({ type }) => type === Type.TLSA)
    .map(({ ttl, rdatas }) => [ttl, ...rdatas.map((rdata) => Buffer.from(rdata).toString('hex'))].join(' '))
    .join();
}
