import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { domain as local, person, startZones, type ZonesBox } from '../../test/kit/zones-box.ts';
import { createLog } from '../core/log.ts';
import { seededRandom } from '../core/random.ts';
import { createSealer } from '../core/seal.ts';
import { crypt } from '../native/crypt.ts';
import { createJobs, type Jobs } from '../work/job-runner.ts';
import { jobRows, type JobView } from '../work/jobs.ts';
import { zoneRows } from '../zones/store.ts';
import { aliasImportJob, createMailImports, mailboxImportJob, type MailImports } from './import.ts';
import { createHashing } from './mailboxes/hashing.ts';
import { mailRows, type MailReads } from './store.ts';

const hash = `{SHA512-CRYPT}$6$rounds=5000$saltsalt$${'a'.repeat(86)}`;

let zones: ZonesBox;
let jobs: Jobs;
let imports: MailImports;
let mail: MailReads;

beforeEach(async () => {
  zones = await startZones();
  await zones.domains.add(person, local('example.com'));
  const { work, clock } = zones;
  const random = seededRandom(1);
  const options = {
    ...{ work, clock, random, sealer: createSealer(Buffer.alloc(32, 7), random) },
    ...{ hashing: createHashing(random, crypt), limits: { usage: () => undefined } },
    directory: { join: () => ({ touch: () => undefined }) },
    zones: (state: Pick<typeof work.committed, 'rows'>) => state.rows(zoneRows),
    log: createLog({ level: 'silent' }),
  };
  const kinds = [mailboxImportJob(options), aliasImportJob(options)];
  jobs = createJobs({ work, kinds, clock, random, log: options.log });
  imports = createMailImports(options, jobs);
  mail = work.committed.rows(mailRows);
});
afterEach(async () => {
  await jobs.stop();
  await zones.close();
});

const done = ({ id }: JobView): Promise<JobView> =>
  vi.waitFor(
    () => {
      const job = jobs.get(id)!;
      expect(job.state).toBe('done');
      return job;
    },
    { timeout: 30_000 },
  );

test('many mailboxes: what is refused is named with its line and the reason, the rest is added', async () => {
  const all = Array.from({ length: 50 }, (_, n) => ({
    address: `m${n}@example.com`,
    passwordHash: hash,
    line: n + 2,
  }));
  jobs.start();
  const job = await imports.mailboxes(person, [
    ...all,
    { address: 'm7@example.com', line: 52 },
    { address: 'anna@elsewhere.example', line: 53 },
    { address: 'weak@example.com', password: 'password', line: 54 },
    { address: 'nothing' },
  ]);
  expect(job).toMatchObject({ kind: 'mailboxes.add', total: 54 });
  const { failed, ...ended } = await done(job);
  expect(ended).toMatchObject({ done: 54, failedCount: 4 });
  expect(failed.map(({ name, code }) => [name, code])).toEqual([
    ['line 52, m7@example.com', 'already-exists'],
    ['line 53, anna@elsewhere.example', 'no-mail-domain'],
    ['line 54, weak@example.com', 'weak-password'],
    ['nothing', 'invalid-address'],
  ]);
  expect(mail.mailboxes('active', { after: undefined, limit: 100 })).toHaveLength(50);
  expect(mail.mailbox('m7@example.com')!.password).toBe(hash);
});

test('a password that waits for its hash is not readable in the database', async () => {
  const job = await imports.mailboxes(person, [
    { address: 'anna@example.com', password: 'four words of nobody' },
  ]);
  const [waiting] = zones.work.committed.rows(jobRows).items(job.id, 1);
  expect(JSON.stringify(waiting!.item)).not.toContain('four words');
  jobs.start();
  expect(await done(job)).toMatchObject({ failedCount: 0 });
  expect(mail.mailbox('anna@example.com')!.password).toMatch(/^\{ARGON2ID\}/);
});

test('aliases in any order; what leads nowhere is refused in the end', async () => {
  jobs.start();
  await done(await imports.mailboxes(person, [{ address: 'anna@example.com' }]));
  const job = await imports.aliases(person, [
    { address: 'a@example.com', targets: ['b@example.com'], line: 2 },
    { address: 'b@example.com', targets: ['c@example.com'], line: 3 },
    { address: 'lost@example.com', targets: ['nobody@example.com'], line: 4 },
    { address: 'c@example.com', targets: ['anna@example.com'], line: 5 },
  ]);
  const { failed, ...ended } = await done(job);
  expect(ended).toMatchObject({ kind: 'aliases.add', done: 4, total: 4, failedCount: 1 });
  expect(failed.map(({ name, code }) => [name, code])).toEqual([
    ['line 4, lost@example.com', 'no-such-target'],
  ]);
  expect(mail.targets('a@example.com')).toEqual(['b@example.com']);
});
