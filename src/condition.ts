import { X509Certificate } from 'node:crypto';
import { Resolver } from 'node:dns/promises';
import type { Health } from './api/services.ts';
import type { SecondaryTroubles } from './certs/challenges/secondary-troubles.ts';
import type { Hooks } from './certs/hooks/hooks.ts';
import type { InstalledCertificates } from './certs/installed/store.ts';
import { boxChecks } from './checks/box-checks.ts';
import { smtpGreeting } from './checks/greeting.ts';
import { type CheckService, createChecks } from './checks/service.ts';
import type { Clock } from './core/clock.ts';
import type { Log } from './core/log.ts';
import { toRfc3339 } from './core/rfc3339.ts';
import type { DataPlane } from './dns/server/data-plane.ts';
import { dkimFound, hooksFound, secondaryFound, sentencesOf } from './found.ts';
import { zoneHealth } from './health.ts';
import type { MailDirectory } from './mail/directory/directory.ts';
import type { DkimService } from './mail/dkim/service.ts';
import type { FirstMail } from './mail/history/first-mail.ts';
import type { MailServersPart } from './mail/servers/service.ts';
import type { MailSettingsService } from './mail/settings/service.ts';
import type { Storage } from './storage.ts';
import type { ZoneFaults } from './zones/faults.ts';
import { formerSentence } from './zones/former/sentence.ts';
import type { FormerHostnames } from './zones/former/service.ts';
import { configuredBox } from './zones/publisher/publisher.ts';
import type { ServedImages } from './zones/publisher/served-images.ts';
import type { RegistrarService } from './zones/registrar/view.ts';
import type { Scrub } from './zones/repair/scrub.ts';
import { secondaryZoneSentences } from './zones/secondary-zones/found.ts';
import type { SecondaryZones } from './zones/secondary-zones/service.ts';
import type { Store } from './zones/store.ts';
import { hostZone } from './zones/topology.ts';

/** Who knows how something of the box is. */
export interface ConditionSources {
  store: Store;
  plane: Pick<DataPlane, 'counters' | 'refused'>;
  images: Pick<ServedImages, 'loading'>;
  faults: Pick<ZoneFaults, 'list'>;
  scrub: Pick<Scrub, 'damaged'>;
  troubles: Pick<SecondaryTroubles, 'list'>;
  secondaryZones: Pick<SecondaryZones, 'troubled'>;
  registrar: RegistrarService;
  formerHostnames: Pick<FormerHostnames, 'list'>;
  mailServers: Pick<MailServersPart, 'status' | 'problems'>;
  mailDirectory: Pick<MailDirectory, 'problem'>;
  mailSettings: Pick<MailSettingsService, 'get'>;
  firstMail: FirstMail;
  dkim: Pick<DkimService, 'schedule'>;
  hooks: Hooks;
  boxCertificate: () => ReturnType<InstalledCertificates['forName']>;
  storage: Pick<Storage, 'problem' | 'damage' | 'copies' | 'sent'>;
  /** What is bound. */
  dns: string[];
  version: string;
  clock: Clock;
  log: Log;
}

/** How the box is, from all its parts: in short for machines that watch it, and as checks that tell a person what to do. */
export function createCondition(sources: ConditionSources): { health(): Health; checks: CheckService } {
  const { boxCertificate, clock, dns, store, version } = sources;
  const startedAt = toRfc3339(clock.now());
  return {
    checks: createChecks(checksOf(sources), sources),
    health() {
      const problems = store.read.box() ? [] : ['The box has no hostname yet: set it with PUT /api/v1/box.'];
      const found = zoneHealth({
        ...ofZones(sources),
        problems: [...problems, ...databaseProblems(sources)],
        warnings: warnings(sources),
      });
      const zones = store.read.activeZoneCount();
      const certificateFingerprint = new X509Certificate(boxCertificate().chain).fingerprint256;
      return { ...found, zones, dns, version, startedAt, certificateFingerprint };
    },
  };
}

/** Of zones that cannot be published, read or trusted. */
function ofZones({ store, plane, images, faults, scrub }: ConditionSources) {
  const box = store.read.box();
  return {
    zones: store.read.activeZoneCount(),
    hostZone: box && hostZone(store.read, box),
    refused: plane.refused(),
    loading: images.loading,
    faults: faults.list(),
    damaged: scrub.damaged(),
  };
}

function databaseProblems({ storage }: ConditionSources): string[] {
  return [storage.problem() ?? [], storage.damage() ?? []].flat();
}

function warnings(sources: ConditionSources): string[] {
  const { storage, mailDirectory, mailServers, troubles, formerHostnames, hooks, dkim } = sources;
  return [
    storage.copies()?.warning() ?? [],
    mailDirectory.problem() ?? [],
    storage.sent.problem() ?? [],
    mailServers.problems(),
    sentencesOf(troubles.list().map(secondaryFound)),
    secondaryZoneSentences(sources.secondaryZones),
    formerHostnames.list().flatMap(formerSentence),
    sentencesOf(hooksFound(hooks)),
    sentencesOf(dkimFound(dkim.schedule())),
  ].flat();
}

function checksOf(sources: ConditionSources) {
  const { store, plane, troubles, registrar, mailServers, mailDirectory, dkim, hooks, storage } = sources;
  return boxChecks(
    {
      box: () => store.read.box(),
      zones() {
        const found = zoneHealth({ ...ofZones(sources), problems: [], warnings: [] });
        return [...found.problems, ...found.zoneProblems];
      },
      workers: () => plane.counters().map(({ running }) => running),
      secondaries: () => troubles.list().map(secondaryFound),
      async parent() {
        const { hostname } = configuredBox(store.read);
        return (await registrar.get(hostname, { refresh: true })).parent;
      },
      reverse: namesOf,
      mail: () => mailServers.status(),
      greeting: smtpGreeting,
      relay: () => sources.mailSettings.get().relay?.host,
      firstMail: once(() => sources.firstMail.seen()),
      mailDirectory: () => [mailDirectory.problem() ?? []].flat(),
      dkim: () => dkimFound(dkim.schedule()),
      certificate: sources.boxCertificate,
      hooks: () => hooksFound(hooks),
      database: () => databaseProblems(sources),
      copies: () => [storage.copies()?.warning() ?? []].flat(),
    },
    () => sources.clock.now(),
  );
}

/** Checks that ask for the same at the same time get one answer. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined;
  return () =>
    (asked ??= ask().finally(() => {
      asked = undefined;
    }));
}

/** Milliseconds until a resolver is asked again, and how often. */
const REVERSE = { timeout: 2000, tries: 2 };

/** The names of an address, by the resolver of the machine; none when it has none. */
async function namesOf(address: string): Promise<string[]> {
  try {
    return await new Resolver(REVERSE).reverse(address);
  } catch (error) {
    if (['ENOTFOUND', 'ENODATA'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}
