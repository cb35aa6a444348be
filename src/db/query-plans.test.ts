import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { certificateRow } from '../../test/kit/certificate-row.ts';
import { type AccountRow, peopleRows, type PeopleWrites } from '../access/people/store.ts';
import { certificateRows, type CertificateTransaction } from '../certs/store.ts';
import { Name } from '../dns/wire/name.ts';
import { dkimRows, type DkimWrites } from '../mail/dkim/store.ts';
import { defaultSettings, mailSettingsRows, type MailSettingsWrites } from '../mail/settings/store.ts';
import { type MailboxRow, mailRows, type MailSlice, type MailWrites } from '../mail/store.ts';
import { webRows, type WebWrites } from '../mail/web/store.ts';
import { catalogRows, type CatalogWrites } from '../zones/catalog/store.ts';
import type { CustomRecord } from '../zones/model.ts';
import { type DomainFilter, type DomainList, type Transaction, zoneRows } from '../zones/store.ts';
import { type Connection, type Database, openDatabase } from './database.ts';
import { openRows } from './storage.ts';

const ROWS = 1000;
const name = Name.parse('d5.example');
const record: CustomRecord = { id: 'new', owner: name, type: 16, ttl: undefined, value: '"a"' };
const place = { owner: name, type: 16, value: '"a"', id: 'r5' };
const time = '2026-01-01T00:00:00Z';
const bytes = new Uint8Array(1);
const many = { after: name, limit: 10 };

/** A list of domains by each of its orders, filtered and not, its first page and another. */
function everyList(): DomainList[] {
  const filters: DomainFilter[] = [{}, { search: 'd5' }, { mail: true }, { parent: ['bogus', 'glue-wrong'] }];
  return filters.flatMap((filter) =>
    (['name', 'createdAt'] as const).flatMap((by) =>
      [true, false].flatMap((descending) =>
        [undefined, { name, createdAt: time }].map((after) => ({
          ...{ filter, order: { by, descending }, after, limit: 10 },
        })),
      ),
    ),
  );
}

/** Every method of the zones' rows, as it is called; those of one name more than once where their statement depends on it. */
const ofZones: { [Method in keyof Omit<Transaction, 'rows'>]: (tx: Transaction) => void } = {
  box: (tx) => tx.box(),
  domain: (tx) => tx.domain(name),
  domains: (tx) => [tx.domains(many), tx.domains({ ...many, after: undefined })],
  listDomains: (tx) => everyList().forEach((list) => void tx.listDomains(list)),
  parentState: (tx) => tx.parentState(name),
  putParentState: (tx) => tx.putParentState(name, 'secure'),
  domainCounts: (tx) => tx.domainCounts(),
  domainsBelow: (tx) => tx.domainsBelow(name),
  mailDomains: (tx) => tx.mailDomains({ after: undefined, limit: 10 }),
  zone: (tx) => tx.zone(name),
  activeZones: (tx) => [tx.activeZones(many), tx.activeZones({ ...many, after: undefined })],
  activeZoneNames: (tx) => tx.activeZoneNames(many),
  activeNames: (tx) => tx.activeNames(many),
  activeZonesBelow: (tx) => tx.activeZonesBelow(name),
  activeZoneCount: (tx) => tx.activeZoneCount(),
  zonesToResign: (tx) => tx.zonesToResign(5, 10),
  zonesToResignCount: (tx) => tx.zonesToResignCount(5),
  nextResign: (tx) => tx.nextResign(),
  firstExpiration: (tx) => tx.firstExpiration(),
  generation: (tx) => tx.generation(),
  staleZones: (tx) =>
    [{ generation: 0, name }, undefined].map((after) => tx.staleZones({ before: 1, after, limit: 10 })),
  staleZoneCount: (tx) => tx.staleZoneCount(),
  nodePlaces: (tx) => tx.nodePlaces(5, 10),
  nodeSlice: (tx) => tx.nodeSlice(5, { kind: 'name', key: bytes }, 10),
  keys: (tx) => tx.keys(5),
  record: (tx) => tx.record('r5'),
  recordsAt: (tx) => tx.recordsAt(name),
  recordsBelow: (tx) => [
    tx.recordsBelow(name),
    tx.recordsBelow(name, { after: undefined, limit: 10 }),
    tx.recordsBelow(name, { after: place, limit: 10 }),
  ],
  storedRecords: (tx) => [
    tx.storedRecords(name, undefined, 10),
    tx.storedRecords(name, { ownerKey: name.sortKey, type: 16, value: '"a"', id: 'r5' }, 10),
  ],
  recordAsAdded: (tx) => tx.recordAsAdded(name, 'r5'),
  recordsOfTypes: (tx) => [
    tx.recordsOfTypes(name, [5, 16], { after: undefined, limit: 10 }),
    tx.recordsOfTypes(name, [5, 16], { after: place, limit: 10 }),
  ],
  recordsTo: (tx) => tx.recordsTo(name, name, 10),
  targetsBelow: (tx) => tx.targetsBelow(name, name),
  versions: (tx) => [
    tx.versions(5, { before: 9, limit: 10 }),
    tx.versions(5, { before: undefined, limit: 10 }),
  ],
  version: (tx) => tx.version(5, 9),
  diffs: (tx) => tx.diffs(5, 1, 9),
  recordChangesSince: (tx) => tx.recordChangesSince(name, 5),
  oldestVersion: (tx) => tx.oldestVersion(5),
  versionsAfter: (tx) => tx.versionsAfter(5, 10),
  dropVersions: (tx) => tx.dropVersions(6, { through: 9, atLeast: 0, limit: 10 }),
  dropDnssecDiff: (tx) => tx.dropDnssecDiff(7),
  recordChangesOf: (tx) => tx.recordChangesOf(5, 9, 10),
  giveRecordChange: (tx) => tx.giveRecordChange(5, 6),
  deleteRecordChange: (tx) => tx.deleteRecordChange(8),
  removedZone: (tx) => tx.removedZone(time),
  beginPurge: (tx) => tx.beginPurge(tx.zone(Name.parse('d9.example'))!),
  purgingZone: (tx) => tx.purgingZone(),
  purgeNodes: (tx) => tx.purgeNodes(9, 10),
  endPurge: (tx) => {
    const gone = tx.insertZone({ name: Name.parse('purged.example'), ttl: undefined, denial: 'nsec' });
    tx.endPurge(gone.id);
  },
  lastRecordChange: (tx) => tx.lastRecordChange(),
  putBox: (tx) => tx.putBox(tx.box()!),
  putDomain: (tx) => tx.putDomain(tx.domain(name)!),
  deleteDomain: (tx) => tx.deleteDomain(Name.parse('gone.example')),
  insertZone: (tx) => tx.insertZone({ name: Name.parse('new.example'), ttl: undefined, denial: 'nsec' }),
  updateZone: (tx) => tx.updateZone(5, { records: 7 }),
  raiseGeneration: (tx) => tx.raiseGeneration(),
  putNodes: (tx) =>
    tx.putNodes(5, [
      { kind: 'name', key: bytes, node: bytes },
      { kind: 'name', key: bytes, node: null },
    ]),
  insertKey: (tx) => {
    const key = { keyTag: 1, algorithm: 13, flags: 257, role: 'CSK', state: 'active' } as const;
    tx.insertKey(5, { ...key, dnskey: bytes, createdAt: time }, () => bytes);
  },
  mendKey: (tx) => tx.mendKey(5, { dnskey: bytes, sealedPrivateKey: bytes }),
  insertVersion: (tx) => {
    const version = { serial: 1, publishedAt: time, cause: '', actor: '', added: 0, removed: 0, changeId: 0 };
    tx.insertVersion(5, { ...version, diff: bytes, dnssec: bytes });
  },
  forgetDiff: (tx) => tx.forgetDiff(5),
  insertRecord: (tx) => tx.insertRecord(5, record),
  mendRecord: (tx) => tx.mendRecord({ ...record, id: 'r5' }),
  deleteRecord: (tx) => tx.deleteRecord(5, record),
};

const account = { directory: 'ca', url: undefined, caaIdentities: [], named: true, sealedKey: bytes };
const challenge = { owner: name, value: 'v', certificateId: 'c5' };

const ofCertificates: { [Method in keyof CertificateTransaction]: (tx: CertificateTransaction) => void } = {
  certificate: (tx) => tx.certificate('c5'),
  withNames: (tx) => tx.withNames(['d5.example']),
  ofDomain: (tx) => tx.ofDomain(name),
  ofBox: (tx) => tx.ofBox(),
  naming: (tx) => tx.naming(['d5.example']),
  requested: (tx) => tx.requested('x'),
  certificates: (tx) => [tx.certificates('c5', 10), tx.certificates(undefined, 10)],
  tried: (tx) => [tx.tried('c5', 10), tx.tried(undefined, 10)],
  servable: (tx) => tx.servable(['d5.example']),
  nextTurn: (tx) => tx.nextTurn(5),
  namesTurning: (tx) => tx.namesTurning(5),
  counts: (tx) => tx.counts(5),
  due: (tx) => tx.due(5, 10, true),
  nextWake: (tx) => tx.nextWake(),
  nextOrder: (tx) => tx.nextOrder(),
  attempts: (tx) => tx.attempts('c5', 10),
  openAttempts: (tx) => tx.openAttempts(10),
  account: (tx) => tx.account('ca'),
  namesAccount: (tx) => tx.namesAccount(),
  challenges: (tx) => tx.challenges(),
  challengesOf: (tx) => tx.challengesOf('c5'),
  challengesAt: (tx) => [tx.challengesAt(name, undefined), tx.challengesAt(name, [name])],
  useBefore: (tx) => tx.useBefore({ kind: 'sameNames', subject: 'd5.example' }, 4),
  usesSince: (tx) => tx.usesSince({ kind: 'sameNames', subject: 'd5.example' }, 5),
  mostUsed: (tx) => tx.mostUsed('sameNames', 10),
  underWay: (tx) => tx.underWay('d5.example', 'c5', 10),
  put: (tx) => tx.put(certificateRow({ names: ['new.example'] })),
  delete: (tx) => tx.delete('gone'),
  putAttempt: (tx) =>
    tx.putAttempt('c5', {
      ...{ startedAt: time, endedAt: undefined, step: 'order' },
      ...{ problem: undefined, detail: undefined },
    }),
  putAccount: (tx) => tx.putAccount({ ...account, sealedNextKey: undefined }),
  nameAccount: (tx) => tx.nameAccount('ca'),
  addChallenge: (tx) => tx.addChallenge(challenge),
  removeChallenge: (tx) => tx.removeChallenge(challenge),
  hooks: (tx) => tx.hooks('c5'),
  nextHooks: (tx) => tx.nextHooks(),
  putHooks: (tx) => tx.putHooks({ certificateId: 'c5', version: '', done: [], failures: 0, dueAt: 5 }),
  deleteHooks: (tx) => tx.deleteHooks('c5'),
  hurryHooks: (tx) => tx.hurryHooks(5),
  addUse: (tx) => tx.addUse({ kind: 'orders', subject: '', at: 1 }),
  dropUses: (tx) => tx.dropUses('sameNames', 5, 10),
  forgetUses: (tx) => tx.forgetUses(),
};

const rotation = {
  ...{ rollsFrom: 1, wakeAt: undefined, signAt: undefined, change: undefined },
  ...{ failures: 0, problem: undefined, troubleAt: undefined },
};
const ofDkim: { [Method in keyof DkimWrites]: (tx: DkimWrites) => void } = {
  keys: (tx) => tx.keys(name),
  domains: (tx) => tx.domains({ after: '', limit: 10 }),
  lastChange: (tx) => tx.lastChange(),
  changeMark: (tx) => tx.changeMark(5),
  changes: (tx) => tx.changes(5, 10),
  pooled: (tx) => tx.pooled(),
  nextWaiting: (tx) => tx.nextWaiting(),
  insertKey: (tx) =>
    tx.insertKey({
      ...{ domain: name, selector: 'new', algorithm: 'rsa', publicKey: '', sealedPrivateKey: bytes },
      ...{ state: 'active', createdAt: time, stateSince: time },
    }),
  setKeyState: (tx) => tx.setKeyState(name, 's', 'retired', time),
  deleteKey: (tx) => tx.deleteKey(name, 'gone'),
  deleteKeys: (tx) => tx.deleteKeys(Name.parse('gone.example')),
  rotation: (tx) => tx.rotation(name),
  dueSteps: (tx) => tx.dueSteps(5, 10),
  dueRolls: (tx) => tx.dueRolls(5, 10),
  nextStep: (tx) => tx.nextStep(),
  nextRoll: (tx) => tx.nextRoll(),
  troubled: (tx) => tx.troubled(5, 10),
  troubledCount: (tx) => tx.troubledCount(5),
  putRotation(tx) {
    tx.putRotation(tx.rotation(name)!);
    tx.putRotation({ domain: name, ...rotation });
  },
  deleteRotation: (tx) => tx.deleteRotation(Name.parse('gone.example')),
  addChange: (tx) => tx.addChange(name, time),
  dropChanges: (tx) => tx.dropChanges(5, 10),
  addWaiting: (tx) => tx.addWaiting(name),
  deleteWaiting: (tx) => tx.deleteWaiting(name),
  addPooled: (tx) => tx.addPooled({ publicKey: '', sealedPrivateKey: bytes }),
  takePooled: (tx) => tx.takePooled(),
};

const mailbox: MailboxRow = {
  ...{ address: 'new@d5.example', domain: 'd5.example', displayName: '', password: undefined },
  ...{ passwordChangedAt: undefined, quota: 0, enabled: true, keepCopy: true, sendLimit: undefined },
  ...{ state: 'active', createdAt: time, retiredAt: undefined },
};
const address = 'a@d5.example';
const mailSlices: MailSlice[] = [undefined, { domain: 'd5.example', address }].flatMap((after) =>
  [undefined, 'd5.example'].flatMap((domain) =>
    [undefined, 'a'].map((search) => ({ after, domain, search, limit: 10 })),
  ),
);

const ofMail: { [Method in keyof MailWrites]: (tx: MailWrites) => void } = {
  mailbox: (tx) => tx.mailbox(address),
  mailboxes: (tx) => mailSlices.map((slice) => tx.mailboxes('active', slice)),
  mailboxCount: (tx) => tx.mailboxCount('d5.example', 'active', 10),
  alias: (tx) => tx.alias(address),
  aliases: (tx) => mailSlices.map((slice) => tx.aliases(slice)),
  targets: (tx) => tx.targets(address),
  sourcesTo: (tx) => tx.sourcesTo(address, 5),
  appPasswords: (tx) => tx.appPasswords(address),
  mailDomain: (tx) => tx.mailDomain('d5.example'),
  spamDomains: (tx) => tx.spamDomains(10),
  lastDirectoryChange: (tx) => tx.lastDirectoryChange(),
  directoryChanges: (tx) => tx.directoryChanges(5, 10),
  putMailbox: (tx) => tx.putMailbox(mailbox),
  putAlias: (tx) => tx.putAlias({ ...mailbox, senders: undefined }),
  deleteAlias: (tx) => tx.deleteAlias(address),
  putTargets: (tx) => tx.putTargets(address, ['b@d5.example']),
  insertAppPassword: (tx) =>
    tx.insertAppPassword({ id: 'x', address, name: '', digest: '', createdAt: time }),
  deleteAppPassword: (tx) => tx.deleteAppPassword(address, 'x'),
  putMailDomain: (tx) =>
    tx.putMailDomain('d5.example', {
      ...{ sendLimit: { messages: 1, seconds: 60 }, totalSendLimit: undefined, nextHop: undefined },
      ...{ spamFilter: true, scores: undefined },
    }),
  addDirectoryChange: (tx) => tx.addDirectoryChange(address),
  dropDirectoryChanges: (tx) => tx.dropDirectoryChanges(5, 10),
};

const ofWeb: { [Method in keyof WebWrites]: (tx: WebWrites) => void } = {
  site: (tx) => tx.site('d5.example'),
  siteLoad: (tx) => tx.siteLoad(),
  sites: (tx) => tx.sites(10),
  putSite: (tx) => tx.putSite('d5.example', { hsts: undefined, rules: [] }),
};

const ofMailSettings: { [Method in keyof MailSettingsWrites]: (tx: MailSettingsWrites) => void } = {
  settings: (tx) => tx.settings(),
  putSettings: (tx) => tx.putSettings(defaultSettings),
};

const ofCatalog: { [Method in keyof CatalogWrites]: (tx: CatalogWrites) => void } = {
  catalog: (tx) => tx.catalog(),
  lastMemberChange: (tx) => tx.lastMemberChange(),
  memberChangeOf: (tx) => tx.memberChangeOf(5),
  memberChanges: (tx) => tx.memberChanges(5, 10),
  putCatalog: (tx) => tx.putCatalog({ name, serial: 1, taken: true }),
  addMemberChanges: (tx) => tx.addMemberChanges(1, [{ op: 'add', zoneId: 5, name }], 10),
  clearMemberChanges: (tx) => tx.clearMemberChanges(),
};

const person: AccountRow = {
  ...{ id: 'new', name: 'new', displayName: undefined, role: 'owner', password: undefined },
  ...{ language: undefined, disabled: false, createdAt: time },
};

const ofPeople: { [Method in keyof PeopleWrites]: (tx: PeopleWrites) => void } = {
  account: (tx) => tx.account('5'),
  accountNamed: (tx) => tx.accountNamed('d5.example'),
  accounts: (tx) => [tx.accounts(undefined, 10), tx.accounts('d5.example', 10)],
  owners: (tx) => tx.owners(2),
  domainsOf: (tx) => tx.domainsOf('5'),
  session: (tx) => tx.session('5'),
  sessionsOf: (tx) => tx.sessionsOf('5', 10),
  lastSignIn: (tx) => tx.lastSignIn('5'),
  passkey: (tx) => tx.passkey('5'),
  passkeysOf: (tx) => tx.passkeysOf('5'),
  oneTimePassword: (tx) => tx.oneTimePassword('5'),
  recoveryCodeCount: (tx) => tx.recoveryCodeCount('5'),
  passwordLink: (tx) => tx.passwordLink(bytes),
  putAccount: (tx) => tx.putAccount(person),
  deleteAccount: (tx) => tx.deleteAccount('gone'),
  putDomains: (tx) => tx.putDomains('new', ['d5.example']),
  deleteDomain: (tx) => tx.deleteDomain('gone.example'),
  insertSession: (tx) =>
    tx.insertSession({
      ...{ id: 'new', account: 'new', hash: bytes, stamp: '', method: 'password' },
      ...{ startedAt: 1, seenAt: 1, confirmedAt: 1, address: undefined, agent: undefined },
    }),
  deleteSession: (tx) => tx.deleteSession('gone'),
  touchSession: (tx) => tx.touchSession('5', 6),
  confirmSession: (tx) => tx.confirmSession('5', 6),
  stampSession: (tx) => tx.stampSession('5', ''),
  dropSessions: (tx) => tx.dropSessions(5, 5, 10),
  insertPasskey: (tx) =>
    tx.insertPasskey({
      ...{ id: 'new', account: 'new', name: '', publicKey: bytes, counter: 0, transports: [] },
      ...{ host: '', synced: false, createdAt: time, lastUsedAt: undefined },
    }),
  deletePasskey: (tx) => tx.deletePasskey('5', 'gone'),
  usePasskey: (tx) => tx.usePasskey('5', 1, false, time),
  putOneTimePassword: (tx) =>
    tx.putOneTimePassword({ account: 'new', secret: bytes, lastStep: 0, createdAt: time }),
  deleteOneTimePassword: (tx) => tx.deleteOneTimePassword('gone'),
  putRecoveryCodes: (tx) => tx.putRecoveryCodes('new', [bytes]),
  takeRecoveryCode: (tx) => tx.takeRecoveryCode('gone', bytes),
  insertPasswordLink: (tx) => tx.insertPasswordLink({ hash: bytes, account: 'new', expiresAt: 1 }),
  deletePasswordLinks: (tx) => tx.deletePasswordLinks('gone'),
  dropPasswordLinks: (tx) => tx.dropPasswordLinks(5, 10),
};

let directory: string;
let database: Database;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'signpost-plans-'));
  database = openDatabase(join(directory, 'signpost.sqlite'));
  await database.write(fill);
});

afterAll(async () => {
  await database.close();
  rmSync(directory, { recursive: true });
});

/** As many rows of each table that grows with the domains. */
function fill({ sqlite }: Connection): void {
  const each = (into: string, values: string): void => {
    const insert = sqlite.prepare(`INSERT INTO ${into} VALUES (${values})`);
    for (let n = 1; n <= ROWS; n++) {
      const owner = Name.parse(`d${n}.example`);
      insert.run({ n, key: Buffer.from(owner.sortKey), name: owner.toText(), time });
    }
  };
  sqlite.exec(
    `INSERT INTO box (id, hostname, ipv4, ipv6, ttl, secondaries) VALUES (1, 'box.example', '[]', '[]', 60, '[]')`,
  );
  each('domains (key, name, dns, mail, web, created_at)', `@key, @name, 'local', 1, 1, @time`);
  each('zones (id, key, name, active, denial, resign_at)', `@n, @key, @name, 1, 'nsec', @n`);
  each('zone_nodes (zone_id, kind, key, node)', `@n, 0, @key, x'00000004'`);
  each(
    'zone_versions (zone_id, serial, published_at, cause, actor, added, removed, change_id, diff)',
    `@n, @n, @time, '', '', 1, 0, @n, x''`,
  );
  each(
    'custom_records (id, owner_key, owner, type, value, target_key)',
    `'r' || @n, @key, @name, 2, @name, @key`,
  );
  each(
    'custom_record_changes (zone_id, op, record_id, owner_key, owner, type, value)',
    `@n, 'add', 'r' || @n, @key, @name, 16, '"a"'`,
  );
  each(
    'dkim_keys (domain, selector, algorithm, public_key, sealed_private_key, state, created_at, state_since)',
    `@name, 's', 'rsa', '', x'', 'active', @time, @time`,
  );
  each('dkim_rotations (domain, rolls_from, wake_at, trouble_at)', '@name, @n, @n, @n');
  each(
    'certificates (id, names, name_set, purpose, domain, key_algorithm, rank, retiring, failures, wake_at, created_at)',
    `'c' || @n, '[]', @name, 'domain', @name, 'ecdsa-p256', 1, '[]', 0, @n, @n`,
  );
  each(
    'mailboxes (address, domain, display_name, quota, enabled, keep_copy, state, created_at)',
    `'a@' || @name, @name, '', 0, 1, 1, 'active', @time`,
  );
  each('mail_aliases (address, domain, enabled, created_at)', `'b@' || @name, @name, 1, @time`);
  each('mail_targets (source, target, position)', `'b@' || @name, 'a@' || @name, 0`);
  each('app_passwords (id, address, name, digest, created_at)', `@n, 'a@' || @name, '', '', @time`);
  each('mail_domains (domain, limit_messages, limit_seconds)', `@name, 1, 60`);
  each(
    'accounts (id, name, name_key, role, disabled, created_at)',
    `@n, @name, @name, 'domain-administrator', 0, @time`,
  );
  each('account_domains (account, domain)', `@n, @name`);
  each(
    'sessions (id, account, hash, stamp, method, started_at, seen_at, confirmed_at)',
    `@n, @n, @key, '', 'password', @n, @n, @n`,
  );
  each(
    'passkeys (id, account, name, public_key, counter, transports, host, synced, created_at)',
    `@n, @n, '', x'', 0, '[]', '', 0, @time`,
  );
  each('one_time_passwords (account, secret, last_step, created_at)', `@n, x'', 0, @time`);
  each('recovery_codes (account, hash)', `@n, @key`);
  each('password_links (hash, account, expires_at)', `@key, @n, @n`);
  each('catalog_changes (serial, op, zone_id, name)', `@n, 'add', @n, @name`);
  each('directory_changes (key)', `'a@' || @name`);
  each('certificate_names (name, certificate_id)', `@name, 'c' || @n`);
  each('acme_uses (kind, subject, at)', `'sameNames', @name, @n`);
  each('acme_use_counts (kind, subject, count)', `'sameNames', @name, 1`);
  each('acme_places (domain, certificate_id)', `@name, 'c' || @n`);
  each(
    'certificate_attempts (certificate_id, started_at, ended_at, step)',
    `'c' || @n, @time, @time, 'installed'`,
  );
}

/** Every statement that the methods prepare, run with rows there; nothing of it stays. */
async function statements(): Promise<string[]> {
  const found = new Set<string>();
  await database.write(({ sqlite }) => {
    const prepare = sqlite.prepare.bind(sqlite);
    vi.spyOn(sqlite, 'prepare').mockImplementation((source: string) => {
      found.add(source);
      return prepare(source);
    });
  });
  const done = openRows(database).transact(
    (state) => {
      callAll(ofZones, state.rows(zoneRows));
      callAll(ofCertificates, state.rows(certificateRows));
      callAll(ofDkim, state.rows(dkimRows));
      callAll(ofMail, state.rows(mailRows));
      callAll(ofPeople, state.rows(peopleRows));
      callAll(ofWeb, state.rows(webRows));
      callAll(ofMailSettings, state.rows(mailSettingsRows));
      callAll(ofCatalog, state.rows(catalogRows));
      throw new RolledBack();
    },
    () => undefined,
  );
  await expect(done).rejects.toBeInstanceOf(RolledBack);
  vi.restoreAllMocks();
  return [...found];
}

class RolledBack extends Error {}

function callAll<T>(calls: Record<string, (tx: T) => void>, tx: T): void {
  for (const call of Object.values(calls)) call(tx);
}

/** Steps of the plan that go through all of a table or an index. */
async function scans(source: string): Promise<string[]> {
  return (await planOf(source)).split('\n').filter((detail) => detail.startsWith('SCAN '));
}

async function planOf(source: string): Promise<string> {
  const named = [...source.matchAll(/@(\w+)/g)].map(([, parameter]) => [parameter!, null]);
  const unnamed = [...source.matchAll(/\?/g)].map(() => null);
  const given = named.length > 0 ? [Object.fromEntries(named) as object] : unnamed;
  const plan = await database.write(({ sqlite }) =>
    sqlite.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${source}`).all(...given),
  );
  return plan.map(({ detail }) => detail).join('\n');
}

/** Tables that grow with the domains of the box. */
const growing =
  /^SCAN (zones|domains|zone_nodes|zone_keys|zone_versions|custom_records|custom_record_changes|dkim_keys|dkim_rotations|certificates|certificate_names|certificate_attempts|acme_uses|acme_use_counts|acme_places|mailboxes|mail_aliases|mail_targets|app_passwords|mail_domains|directory_changes|catalog_changes)\b/;

/** Statements that go through such a table, by how they begin or what is in them, with the reason why they may. */
const listed: { sql: RegExp; because: string }[] = [
  {
    sql: /from "domains" order by "domains"\."key" asc limit \?$/,
    because: 'the first page: ends at its limit',
  },
  {
    sql: /FROM domains (WHERE name LIKE @text )?ORDER BY key (ASC|DESC) LIMIT @limit$/,
    because: 'the same; a search reads the domains in the order of the list until its page is full',
  },
  {
    sql: /from "zones" where "zones"\."active" = 1 order by "zones"\."key" asc limit \?$/,
    because: 'the same',
  },
  { sql: /from "certificates" order by "certificates"\."seq" asc limit \?$/, because: 'the same' },
  { sql: /from "mail_aliases" order by .* limit \?$/, because: 'the same' },
  {
    sql: /from "mail_aliases" where instr\("mail_aliases"\."address", \?\) > 0 order by /,
    because: 'a search of all domains reads the addresses of an index, in the order of the list',
  },
  { sql: /from "certificates" group by "certificates"\."state"$/, because: 'a figure, counted in an index' },
  { sql: /from "domains" group by "domains"\."dns"$/, because: 'a figure, counted in an index' },
  {
    sql: /^select count\(\*\) from "zones" where "zones"\."active" = 1$/,
    because: 'a figure, counted in an index',
  },
  {
    sql: /from zones where purging = 1/i,
    because: 'the partial index holds nothing but what is asked for',
  },
  { sql: /where spam_filter = 0 or junk_score is not null order by /, because: 'the same' },
  { sql: /where \("certificates"\."requested" is not null and /, because: 'the same' },
  { sql: /"pending" is not null\) order by "certificates"\."seq" asc limit \?$/, because: 'the same' },
  {
    sql: /from "certificate_attempts" where "certificate_attempts"\."ended_at" is null /,
    because: 'the same',
  },
];

test('no statement goes through all rows of a table that grows with the domains, but for those listed', async () => {
  const unlisted: string[] = [];
  const used = new Set<RegExp>();
  for (const source of await statements()) {
    const found = (await scans(source)).filter((detail) => growing.test(detail));
    if (found.length === 0) continue;
    const entry = listed.find(({ sql }) => sql.test(source));
    if (entry) used.add(entry.sql);
    else unlisted.push(`${source}: ${found.join(', ')}`);
  }
  expect(unlisted).toEqual([]);
  // What is no longer so goes from the list.
  expect(listed.filter(({ sql }) => !used.has(sql)).map(({ sql }) => sql.source)).toEqual([]);
});

/** Columns that have so few values that what has one of them may be all there is. */
const fewValues = new Set(
  ['dns', 'mail', 'web', 'parent', 'active', 'purging', 'state', 'kind', 'op', 'enabled', 'type'].concat(
    ...['role', 'step', 'purpose', 'algorithm', 'spam_filter', 'generation'],
  ),
);

/** Steps of the plan that find rows of a growing table by nothing but such columns. */
async function wideSearches(source: string): Promise<string[]> {
  return (await planOf(source)).split('\n').filter((detail) => {
    const by = /^SEARCH .* USING .*\((.*)\)$/.exec(detail)?.[1];
    if (by === undefined || !growing.test(detail.replace('SEARCH', 'SCAN'))) return false;
    return [...by.matchAll(/(\w+)[=<>]/g)].every(([, column]) => fewValues.has(column!));
  });
}

/** Statements that do so, with the reason why they may; those of one page end at its limit. */
const narrow: { sql: RegExp; because: string }[] = [
  {
    sql: /^select count\(\*\) from "zones" where \("zones"\."active" = 1 and "zones"\."generation" < /,
    because: 'a figure, counted in an index, of what waits to be derived anew',
  },
  { sql: /from "certificates" where "certificates"\."purpose" = 'box'$/, because: 'the box has one or two' },
  { sql: /^select min\("not_after"\) from "certificates" /, because: 'the first of the index' },
];

test('nothing is found by a column alone that all rows may have the same value in, but page by page', async () => {
  const wide: string[] = [];
  for (const source of await statements()) {
    if (/\blimit\b/i.test(source) || narrow.some(({ sql }) => sql.test(source))) continue;
    const found = await wideSearches(source);
    if (found.length > 0) wide.push(`${source}: ${found.join(', ')}`);
  }
  expect(wide).toEqual([]);
});

test('domains are counted in an index alone', async () => {
  expect(await scans('SELECT dns, count(*) FROM domains GROUP BY dns')).toEqual([
    'SCAN domains USING COVERING INDEX domains_dns',
  ]);
});

test('lists of domains are read in their order: nothing is sorted for a page', async () => {
  const lists = (await statements()).filter((source) => source.includes('createdAt, parent FROM domains'));
  expect(lists.length).toBeGreaterThan(20);
  for (const source of lists) expect(await planOf(source), source).not.toContain('TEMP B-TREE');
});

test('would notice one', async () => {
  expect(await scans('SELECT * FROM zones WHERE serial = ?')).toEqual(['SCAN zones']);
  expect(await wideSearches("SELECT * FROM domains WHERE dns = 'local' AND key > ?")).toEqual([
    'SEARCH domains USING INDEX domains_dns (dns=?)',
  ]);
});
