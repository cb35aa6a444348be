import { createChecks } from '../../src/checks/service.ts';
import { good } from '../../src/checks/check.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createIdempotency } from '../../src/access/idempotency.ts';
import { createPeopleServices, type PeopleServices } from '../../src/access/people/service.ts';
import { createSetupSecrets } from '../../src/access/setup-secret.ts';
import { createTokens, type Tokens } from '../../src/access/tokens.ts';
import { createQueryHistory } from '../../src/dns/server/query-history.ts';
import { createMetrics } from '../../src/api/metrics/metrics.ts';
import type { ApiServices } from '../../src/api/services.ts';
import { FakeClock } from '../../src/core/clock.ts';
import { AppError } from '../../src/core/errors.ts';
import { createLog, type Log } from '../../src/core/log.ts';
import { createSealer } from '../../src/core/seal.ts';
import { seededRandom } from '../../src/core/random.ts';
import { toRfc3339 } from '../../src/core/rfc3339.ts';
import { openDatabase } from '../../src/db/database.ts';
import { directoryStorage } from '../../src/db/mail-directory.ts';
import { openRows } from '../../src/db/storage.ts';
import { Type, typeCode } from '../../src/dns/type-codes.ts';
import { Name } from '../../src/dns/wire/name.ts';
import { createAliases } from '../../src/mail/aliases/service.ts';
import { createMailDirectory } from '../../src/mail/directory/directory.ts';
import { createMailDomains } from '../../src/mail/domains.ts';
import { createAppPasswords } from '../../src/mail/mailboxes/app-passwords.ts';
import { createHashing } from '../../src/mail/mailboxes/hashing.ts';
import { createOwnPassword } from '../../src/mail/mailboxes/own-password.ts';
import { crypt } from '../../src/native/crypt.ts';
import { checkPassword } from '../../src/mail/mailboxes/password.ts';
import { createMailboxLogins } from '../../src/mail/mailboxes/users.ts';
import { createWebSites } from '../../src/mail/web/service.ts';
import { createMailHistory } from '../../src/mail/history/service.ts';
import { createMailQueue } from '../../src/mail/queue/service.ts';
import { createMailboxUsages } from '../../src/mail/usage/service.ts';
import { createSendLimits } from '../../src/mail/sending/limits.ts';
import { createMailSettings } from '../../src/mail/settings/service.ts';
import { mailSettingsRows } from '../../src/mail/settings/store.ts';
import { mailRows } from '../../src/mail/store.ts';
import { createMailboxes } from '../../src/mail/mailboxes/service.ts';
import { auditRows, createAudit } from '../../src/work/audit.ts';
import { createEvents, type EventHub } from '../../src/work/events.ts';
import type { JobFailure } from '../../src/work/jobs.ts';
import { type Change, createUnitOfWork, type UnitOfWork } from '../../src/work/unit-of-work.ts';
import type { RecordRequest } from '../../src/zones/custom/validate.ts';
import { pageOfDomains } from '../../src/zones/domains/list.ts';
import type { DomainView } from '../../src/zones/domains/service.ts';
import type { FormerHostnameView } from '../../src/zones/former/service.ts';
import type { Box } from '../../src/zones/model.ts';
import type { Published } from '../../src/zones/publisher/published.ts';
import type { RebuildAll } from '../../src/zones/repair/job.ts';
import { createSecondaryService } from '../../src/zones/secondaries/service.ts';
import { createTsigKeys } from '../../src/zones/secondaries/tsig-keys.ts';
import { createSecondaryZones } from '../../src/zones/secondary-zones/service.ts';
import { secondaryZoneRows } from '../../src/zones/secondary-zones/store.ts';
import { createServedZones } from '../../src/dns/zone/served-zones.ts';
import type { CustomRecordView } from '../../src/zones/records/service.ts';
import { memoryCertificates } from './memory-certificates.ts';
import { memoryDkim } from './memory-dkim.ts';
import { memoryHistory, memoryMailServers, memoryQueue, memoryUsage } from './memory-mail-servers.ts';
import { memoryJobs } from './memory-jobs.ts';
import { metricSources } from './metric-sources.ts';
import { pageOf } from './page-of.ts';

/** What the status tables of the API run on: access control is the real one, on a database; zones are a small model in memory. */
export interface MemoryServices extends ApiServices {
  work: UnitOfWork;
  tokens: Tokens;
  events: EventHub;
  clock: FakeClock;
  /** The health that is answered. */
  state: { ready: boolean };
  close(): Promise<void>;
}

export const testBox: Box = {
  hostname: Name.parse('box.example.net'),
  ipv4: ['192.0.2.1'],
  ipv6: ['2001:db8::1'],
  adminEmail: undefined,
  ttl: 3600,
  secondaries: [],
  caaIssuer: 'auto',
};

export function memoryServices(given: { box?: Box; log?: Log } = {}): MemoryServices {
  const { box } = given;
  const directory = mkdtempSync(join(tmpdir(), 'signpost-api-'));
  const database = openDatabase(join(directory, 'signpost.sqlite'));
  const clock = new FakeClock();
  const log = createLog({ level: 'silent' });
  const events = createEvents({ clock, log });
  const work = createUnitOfWork({ storage: openRows(database), events, clock, log });
  const state = { ready: true };
  const metrics = createMetrics(metricSources(), clock);
  const queryHistory = createQueryHistory(
    () => metricSources().dns(),
    () => ({ threads: [], end: 1, nameOf: () => undefined }),
    clock,
  );
  const memory = memoryZones(box);
  const { jobs, bulkDomains, rebuildAll, publishAll, done } = memoryJobs(memory.domains);
  const former: FormerHostnameView[] = [];
  const boxService: ApiServices['box'] = {
    ...memory.box,
    async put(actor, next) {
      const before = memory.box.get();
      const { box } = await memory.box.put(actor, next);
      if (before && !before.hostname.equals(box.hostname))
        former.push({
          hostname: before.hostname,
          since: toRfc3339(clock.now()),
          parents: undefined,
          until: undefined,
        });
      const moved = before && before.ipv4.join() !== box.ipv4.join();
      return { box, job: moved ? publishAll(actor).id : undefined };
    },
  };
  const mailDirectory = createMailDirectory({
    work,
    storage: directoryStorage(join(directory, 'mail', 'directory.sqlite'), database.reader.sqlite.name),
    events,
    clock,
    log,
  });
  // Domains are those in memory.
  const zones = () => ({ box: () => boxService.get(), domain: (name: Name) => memory.domains.get(name) });
  // What they are is known; nothing is sent here.
  const limits = createSendLimits(
    {
      ...work.committed.rows(mailRows),
      settings: () => work.committed.rows(mailSettingsRows).settings(),
    },
    { slots: () => [], add: () => undefined },
    clock,
  );
  const mail = {
    ...{ work, directory: mailDirectory, zones, clock, limits },
    ...{ hashing: createHashing(seededRandom(3), crypt), random: seededRandom(4) },
    passwordReset: (change: Change, address: string) => people.accounts.mailboxReset(change, address),
  };
  const [mailboxes, aliases] = [createMailboxes(mail), createAliases(mail)];
  const setup = createSetupSecrets({ clock, random: seededRandom(6) });
  const people: PeopleServices = createPeopleServices({
    ...{ work, setup, clock, log: given.log ?? log },
    ...{ random: seededRandom(7), sealer: createSealer(new Uint8Array(32), seededRandom(8)) },
    hashing: { ...mail.hashing, check: checkPassword },
    mailboxes: createMailboxLogins(mail),
    hasDomain: (name) => memory.domains.get(name) !== undefined,
    onFailed: () => metrics.loginFailed(),
  });
  return {
    ...memory,
    work,
    people,
    box: boxService,
    formerHostnames: {
      list: () => former,
      retire(_actor, hostname) {
        const at = former.findIndex((one) => one.hostname.equals(hostname));
        const error = new AppError('not-found', `${hostname.toText()} is no former hostname.`);
        if (at < 0) return Promise.reject(error);
        former.splice(at, 1);
        return Promise.resolve();
      },
    },
    mailboxes,
    ownPassword: createOwnPassword(mail),
    appPasswords: createAppPasswords(mail),
    aliases,
    mailImports: {
      mailboxes: async (actor, all) =>
        done('mailboxes.add', actor, all.length, await eachOf(all, (one) => mailboxes.add(actor, one))),
      aliases: async (actor, all) =>
        done('aliases.add', actor, all.length, await eachOf(all, (one) => aliases.add(actor, one))),
    },
    mailDomains: createMailDomains(mail),
    zones: { ...memory.zones, rebuildAll },
    jobs,
    bulkDomains,
    certificates: memoryCertificates(),
    secondaries: createSecondaryService({
      work,
      reads: {
        box: () => memory.box.get(),
        zone: () => undefined,
        activeZoneNames: () => [],
        domain: () => undefined,
        domainsBelow: () => [],
      },
      async setPublished(actor, _cause, edit) {
        const current = memory.box.get()!;
        await memory.box.put(actor, { ...current, secondaries: edit(current.secondaries) });
      },
      changed: () => undefined,
      catalog: () => undefined,
      clock,
      random: seededRandom(3),
      onError: (error) => {
        throw error;
      },
    }),
    tsigKeys: createTsigKeys({
      work,
      sealer: createSealer(new Uint8Array(32), seededRandom(4)),
      clock,
      random: seededRandom(5),
      changed: () => undefined,
      zoneWith: (change, key) => change.rows(secondaryZoneRows).signedWith(key),
    }),
    // Never started: nothing is transferred.
    secondaryZones: createSecondaryZones({
      ...{ work, clock, random: seededRandom(6), log: createLog({ level: 'silent' }) },
      reads: work.committed.rows(secondaryZoneRows),
      zones: createServedZones(),
      networks: [{ address: '192.0.2.0', prefix: 24 }],
      catalog: () => undefined,
      changed: () => undefined,
      onServed: () => undefined,
      key() {
        throw new Error('nothing is transferred here');
      },
    }),
    webSites: createWebSites(mail),
    mailHistory: createMailHistory({ read: memoryHistory, clock }),
    mailQueue: createMailQueue({ work, ask: memoryQueue }),
    mailboxUsages: createMailboxUsages({ ask: memoryUsage, clock }),
    mailServers: memoryMailServers(),
    dkim: memoryDkim(memory.domains),
    mailSettings: createMailSettings({
      ...mail,
      sealer: createSealer(new Uint8Array(32), seededRandom(6)),
      hasWeb: false,
    }),
    metrics,
    queryHistory,
    checks: createChecks(
      [{ id: 'one', group: 'machine', title: 'One', why: 'Why.', mend: 'Mend.', look: () => good }],
      { clock, log },
    ),
    tokens: createTokens({ work, clock, log, random: seededRandom(1), setup }),
    audit: createAudit(work.committed.rows(auditRows)),
    idempotency: createIdempotency({
      ...{ work, clock },
      sealer: createSealer(Buffer.alloc(32), seededRandom(5)),
    }),
    events,
    health: () => ({
      ready: state.ready,
      problems: state.ready ? [] : ['The zones are being read.'],
      zoneProblems: [],
      zonesInTrouble: 0,
      zones: 1,
      dns: ['127.0.0.1:53'],
      version: '0.1.0',
      startedAt: '2026-01-01T00:00:00Z',
      certificateFingerprint: 'AB:CD',
    }),
    clock,
    state,
    async close() {
      metrics.stop();
      queryHistory.stop();
      await database.close();
      rmSync(directory, { recursive: true });
    },
  };
}

function memoryZones(initial: Box | undefined): Pick<
  ApiServices,
  'box' | 'domains' | 'records' | 'registrar'
> & {
  zones: Omit<ApiServices['zones'], keyof RebuildAll>;
} {
  const domains = new Map<string, DomainView>();
  const records = new Map<string, CustomRecordView>();
  let box = initial;
  let serial = 1_798_718_400;
  let nextId = 1;

  const publish = (zone: Name): Published => ({ zone, serial: ++serial });
  const domainOf = (name: Name): DomainView => {
    const found = domains.get(name.key);
    if (!found) throw new AppError('not-found', `There is no domain ${name.toText()}.`);
    return found;
  };
  const inZone = (zone: Name): CustomRecordView[] =>
    [...records.values()].filter((one) => one.zone.equals(zone));

  function insert(
    zone: Name,
    requests: RecordRequest[],
  ): { records: CustomRecordView[]; published: Published } {
    domainOf(zone);
    const made = requests.map((request): CustomRecordView => {
      const type = typeCode(request.type);
      const owner = Name.parse(request.owner);
      if (type === undefined)
        throw new AppError('invalid-record', 'There is no such type.', {
          errors: [{ path: 'type', message: 'unknown' }],
        });
      if (!owner.isAtOrBelow(zone))
        throw new AppError('outside-zone', `${request.owner} is not in the zone.`);
      const { ttl, value } = request;
      const id = `r${nextId++}`;
      return { id, zone, owner, type, ttl, value, effectiveTtl: ttl ?? 3600, warning: undefined };
    });
    for (const record of made) records.set(record.id, record);
    return { records: made, published: publish(zone) };
  }

  return {
    box: {
      get: () => box,
      put: (_, next) => {
        box = next;
        return Promise.resolve({ box: next, job: undefined });
      },
      preview: () => ({
        zones: 0,
        delegations: false,
        nameservers: [],
        glue: [],
        certificates: [],
        steps: [],
        remarks: [],
      }),
      detectAddresses: () => ({ ipv4: ['192.0.2.1'], ipv6: [] }),
    },
    domains: {
      list: (page, request) => {
        const among = [...domains.values()].map(({ name }) => name);
        const reads = {
          domain: domainOf,
          parentState: (name: Name) => domainOf(name).parent ?? 'unknown',
          listDomains: () => [],
        };
        const { items, next } = pageOfDomains(reads, page, { ...request, among: request.among ?? among });
        return { items: items.map(({ name }) => domainOf(name)), next };
      },
      get: (name) => domains.get(name.key),
      add: async (_, { name, dns, mail, web, ttl }) => {
        if (domains.has(name.key)) throw new AppError('already-exists', `${name.toText()} is here already.`);
        const published = publish(name);
        const local = dns === 'local';
        const view: DomainView = {
          ...{ name, dns, mail, web, ttl, createdAt: '2026-01-01T00:00:00Z' },
          zone: local ? name : undefined,
          serial: local ? published.serial : undefined,
          parent: local ? 'unknown' : undefined,
        };
        domains.set(name.key, view);
        return Promise.resolve(view);
      },
      update: async (_, name, { ttl, ...change }) => {
        const changed = { ...domainOf(name), ...change, ...(ttl !== undefined && { ttl: ttl ?? undefined }) };
        domains.set(name.key, changed);
        return Promise.resolve(changed);
      },
      remove: async (_, name) => {
        domainOf(name);
        domains.delete(name.key);
        return Promise.resolve([publish(name)]);
      },
      records: async (name, page) =>
        Promise.resolve(
          pageOf(
            [
              {
                owner: name,
                type: 'MX',
                ttl: 3600,
                value: '10 box.example.net.',
                source: 'derived',
                why: 'Mail for the domain comes to this box.',
                level: 'required',
                rfc: 'RFC 5321',
              },
            ],
            page,
          ),
        ),
    },
    records: {
      list: (zone, page, { owner, type }) => {
        domainOf(zone);
        const wanted = inZone(zone).filter(
          (one) => (!owner || one.owner.equals(owner)) && (type === undefined || one.type === typeCode(type)),
        );
        return pageOf(wanted, page);
      },
      get: (_, id) => records.get(id),
      add: async (_, zone, requests) => Promise.resolve(insert(zone, requests)),
      replace: async (_, zone, requests) => {
        for (const request of requests)
          for (const old of inZone(zone))
            if (old.owner.equals(Name.parse(request.owner)) && old.type === typeCode(request.type))
              records.delete(old.id);
        return Promise.resolve(insert(zone, requests));
      },
      remove: async (_, zone, which) => {
        domainOf(zone);
        const gone = inZone(zone).filter((one) =>
          'id' in which ? one.id === which.id : one.owner.equals(Name.parse(which.owner)),
        );
        for (const { id } of gone) records.delete(id);
        return Promise.resolve({
          removed: gone.length,
          published: gone.length > 0 ? publish(zone) : undefined,
        });
      },
      preview: async (_, zone, wanted) => {
        domainOf(zone);
        const requests = 'add' in wanted ? wanted.add : 'replace' in wanted ? wanted.replace : [];
        return Promise.resolve(
          requests.map(({ owner, type, ttl = 3600, value }) => ({
            op: '+' as const,
            owner: Name.parse(owner),
            type,
            ttl,
            value,
          })),
        );
      },
    },
    zones: {
      list: (page) => pageOf([...domains.values()].map(zoneOf), page),
      get: (zone) => (domains.has(zone.key) ? zoneOf(domainOf(zone)) : undefined),
      warnings: async (zone) =>
        Promise.resolve([
          {
            owner: domainOf(zone).name.child('shop'),
            type: Type.CNAME,
            value: 'example.org.',
            reason: 'It is hosted here.',
          },
        ]),
      serialWarning: () => undefined,
      digestWarning: () => undefined,
      signatures: () => ({
        validFrom: '2026-01-01T00:00:00.000Z',
        renewAt: '2026-01-08T00:00:00.000Z',
        expireAt: '2026-01-14T00:00:00.000Z',
      }),
      rebuild: async (_, zone) => Promise.resolve({ ...publish(domainOf(zone).name), mended: [], lost: [] }),
      update: async (_, zone, { denial = 'nsec', digest = false }) =>
        Promise.resolve({ ...zoneOf(domainOf(zone)), denial, digest }),
      zonefile: async (zone) => Promise.resolve(`$ORIGIN ${domainOf(zone).name.toString()}\n`),
      versions: (zone, page) => ({
        since: '2026-01-01T00:00:00Z',
        ...pageOf(
          [
            {
              serial: domainOf(zone).serial!,
              publishedAt: '2026-01-01T00:00:00Z',
              cause: `domain ${zone.toText()} added`,
              actor: 'test',
              added: 12,
              removed: 0,
            },
          ],
          page,
        ),
      }),
      diff: async (zone) => {
        const owner = domainOf(zone).name.child('www');
        return Promise.resolve([{ op: '+', owner, type: 'A', ttl: 300, value: '192.0.2.7' }]);
      },
      rollback: async (_, zone) => Promise.resolve(publish(domainOf(zone).name)),
      import: async (_, { zone, dryRun }) =>
        Promise.resolve({
          zone,
          imported: [{ owner: `www.${zone.toText()}`, type: 'A', ttl: 300, value: '192.0.2.7' }],
          skipped: [
            { owner: zone.toText(), type: 'NS', value: 'ns.example.org.', reason: 'The box has its own.' },
          ],
          published: dryRun ? undefined : publish(zone),
        }),
      keys: (zone) => [
        { ...testKey, createdAt: '2026-01-01T00:00:00Z', ds: [testDs], state: domainOf(zone).dns },
      ],
    },
    registrar: {
      get: async (domain) => {
        domainOf(domain);
        const nameservers = [Name.parse('ns1.box.example.net'), Name.parse('NS2.box.example.net')];
        const parent = {
          state: 'not-delegated' as const,
          message: 'Set the nameservers.',
          nameservers: [],
          glue: [],
          ds: [],
        };
        return Promise.resolve({
          nameservers,
          glue: [{ name: nameservers[0]!, addresses: ['192.0.2.1'] }],
          ds: [testDs],
          dnskey: [testKey.dnskey],
          parent: { ...parent, checkedAt: undefined },
        });
      },
    },
  };
}

const testDs = { keyTag: 20326, algorithm: 13, digestType: 2, digest: 'ab'.repeat(32) };
const testKey = {
  keyTag: 20326,
  algorithm: 13,
  flags: 257,
  role: 'CSK' as const,
  dnskey: { flags: 257, protocol: 3, algorithm: 13, publicKey: 'AAAA' },
};

function zoneOf({ name, ttl, serial }: DomainView) {
  return { name, ttl, serial, denial: 'nsec' as const, digest: false, records: 12 };
}

/** Adds one after the other. @returns those that were refused */
async function eachOf<T extends { address: string; line?: number | undefined }>(
  all: readonly T[],
  add: (one: Omit<T, 'line'>) => Promise<unknown>,
): Promise<JobFailure[]> {
  const failures: JobFailure[] = [];
  for (const { line, ...one } of all) {
    try {
      await add(one);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const name = line === undefined ? one.address : `line ${line}, ${one.address}`;
      failures.push({ name, code: error.code, detail: error.message });
    }
  }
  return failures;
}
