import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { certificateFiles } from '../../core/certificate-files.ts';
import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { Random } from '../../core/random.ts';
import { toRfc3339 } from '../../core/rfc3339.ts';
import type { Sealer } from '../../core/seal.ts';
import type { EventHub } from '../../work/events.ts';
import type { UnitOfWork } from '../../work/unit-of-work.ts';
import { system } from '../actor.ts';
import { createAlarm } from '../installed/alarm.ts';
import { backOff } from '../order/back-off.ts';
import {
  type CertificateRow,
  certificateRows,
  type CertificateTransaction,
  type HookRow,
  type HookWishes,
  type StoredCertificate,
} from '../store.ts';
import { openCertificateKey } from '../x509/sealed-key.ts';
import type { HookFiles } from './files.ts';
import { type Hook, readHookFolder, type RefusedHook } from './folder.ts';
import { type HookOutcome, runHook } from './run.ts';

/** Milliseconds that a hook may take. */
const LONGEST = 300_000;
/** Milliseconds until what could not even be looked at is looked at again. */
const REST = 60_000;

/** A hook that did not succeed for a certificate. */
export interface HookTrouble {
  hook: string;
  /** First of the certificate's names. */
  name: string;
  reason: string;
  /** Milliseconds since the epoch. */
  retryAt: number;
}

/** Programs of the operator's that run after a certificate came into use, one at a time. */
export interface Hooks extends HookWishes {
  /** Runs what a stop or a crash has left, and from now on what comes. */
  start(): Promise<void>;
  /** Looks at the folder again, and tries at once what rests after a failure. */
  hurry(): Promise<void>;
  troubles(): HookTrouble[];
  /** What is in the folder and is not run. */
  refused(): readonly RefusedHook[];
  /** Ends the hook that runs; it runs again after the next start. */
  stop(): Promise<void>;
}

export interface HookOptions {
  /** With the programs. */
  folder: string;
  /** What hooks have in their environment, besides what is about the certificate. */
  env: Readonly<Record<string, string>>;
  files: HookFiles;
  /** The user of the box. */
  uid: number;
  work: UnitOfWork;
  sealer: Sealer;
  events: Pick<EventHub, 'publish'>;
  onRun: (outcome: HookOutcome['kind']) => void;
  clock: Clock;
  random: Random;
  log: Log;
  /** Milliseconds that a hook may take; for tests. */
  timeout?: number;
}

export function createHooks(options: HookOptions): Hooks {
  const { folder, files, uid, work, events, onRun, clock, random, log, timeout = LONGEST } = options;
  const reads = work.committed.rows(certificateRows);
  const troubles = new Map<string, HookTrouble>();
  const stopping = new AbortController();
  const alarm = createAlarm(clock, kick);
  let refused: readonly RefusedHook[] = [];
  let started = false;
  let running: Promise<void> | undefined;

  function kick(): void {
    if (!started || stopping.signal.aborted) return;
    running ??= runDue()
      .catch((error: unknown) => {
        log.error({ err: error }, 'hooks could not be run');
        alarm.set(clock.now() + REST);
      })
      .finally(() => (running = undefined));
  }

  async function runDue(): Promise<void> {
    for (let row = reads.nextHooks(); row && !stopping.signal.aborted; row = reads.nextHooks()) {
      if (row.dueAt > clock.now()) {
        alarm.set(row.dueAt);
        return;
      }
      await runFor(row);
    }
  }

  /** Whatever of it is left for one certificate. */
  async function runFor(row: HookRow): Promise<void> {
    const certificate = reads.certificate(row.certificateId);
    const found = await look();
    const key = (hook: string): string => `${row.certificateId} ${hook}`;
    let failed = found.refused.length > 0;
    for (const hook of certificate?.current ? found.hooks : []) {
      if (row.done.includes(hook.name)) continue;
      const outcome = await runOne(hook, certificate!);
      if (outcome.kind === 'stopped') return;
      onRun(outcome.kind);
      const about = {
        hook: hook.name,
        certificate: row.certificateId,
        names: [...certificate!.current!.names],
      };
      if (outcome.kind === 'done') {
        row = { ...row, done: [...row.done, hook.name] };
        await keep(row, (rows) => rows.putHooks(row));
        troubles.delete(key(hook.name));
        log.info({ ...about, output: outcome.output }, 'a hook has run');
        events.publish('hook.done', about);
        continue;
      }
      failed = true;
      const { reason, output } = outcome;
      troubles.set(key(hook.name), { hook: hook.name, name: about.names[0]!, reason, retryAt: clock.now() });
      log.warn({ ...about, reason, output }, 'a hook failed');
      events.publish('hook.failed', { ...about, reason });
    }
    for (const known of troubles.keys())
      if (known.startsWith(key('')) && !found.hooks.some(({ name }) => known === key(name)))
        troubles.delete(known);
    if (!failed || !certificate?.current) await keep(row, (rows) => rows.deleteHooks(row.certificateId));
    else await rest(row, certificate.current);
  }

  async function rest(row: HookRow, { notAfter }: StoredCertificate): Promise<void> {
    const failures = row.failures + 1;
    const dueAt = clock.now() + backOff(failures, random, notAfter - clock.now());
    await keep(row, (rows) => rows.putHooks({ ...row, failures, dueAt }));
    for (const [key, trouble] of troubles)
      if (key.startsWith(`${row.certificateId} `)) trouble.retryAt = dueAt;
  }

  /** Unless another certificate came into use meanwhile, or none is there any more. */
  async function keep(row: HookRow, write: (rows: CertificateTransaction) => void): Promise<void> {
    await work.change({ actor: system, cause: 'hooks run' }, (change) => {
      const rows = change.rows(certificateRows);
      if (rows.hooks(row.certificateId)?.version === row.version) write(rows);
    });
  }

  async function runOne(hook: Hook, { id, current, sealedKey }: CertificateRow): Promise<HookOutcome> {
    const { chain, names, spkiSha256, serialNumber, notAfter } = current!;
    let place: string | undefined;
    try {
      const { pkcs8 } = openCertificateKey(options.sealer, sealedKey!, spkiSha256);
      place = await files.write(certificateFiles(chain, pkcs8));
      const env = {
        ...options.env,
        SIGNPOST_HOOK: 'after-certificate',
        SIGNPOST_CERTIFICATE_ID: id,
        SIGNPOST_CERTIFICATE_NAMES: names.join(' '),
        SIGNPOST_CERTIFICATE_SERIAL: serialNumber,
        SIGNPOST_CERTIFICATE_EXPIRES: toRfc3339(notAfter),
        SIGNPOST_CERTIFICATE_FOLDER: place,
      };
      return await runHook(hook.path, { env, cwd: place, timeout, clock, stopping: stopping.signal });
    } catch (error) {
      // A key that cannot be opened, no room for the files: the others have their turn.
      return { kind: 'failed', reason: (error as Error).message, output: '' };
    } finally {
      if (place !== undefined) await files.remove(place);
    }
  }

  async function look(): ReturnType<typeof readHookFolder> {
    const found = await readHookFolder(folder, uid);
    for (const { name, reason } of found.refused)
      if (!refused.some((known) => known.reason === reason))
        log.warn({ hook: name, reason }, 'a hook is not run');
    refused = found.refused;
    return found;
  }

  async function hurry(): Promise<void> {
    await look();
    try {
      if (reads.nextHooks())
        await work.change({ actor: system, cause: 'hooks looked at again' }, (change) =>
          change.rows(certificateRows).hurryHooks(clock.now()),
        );
    } finally {
      // What is due without that runs all the same.
      kick();
    }
  }

  return {
    want(change, id, { chain }) {
      // Most boxes have none.
      if (!existsSync(folder)) return;
      const version = createHash('sha256').update(chain).digest('hex');
      const row = { certificateId: id, version, done: [], failures: 0, dueAt: clock.now() };
      change.rows(certificateRows).putHooks(row);
      change.afterCommit(kick);
    },
    async start() {
      await files
        .clean()
        .catch((error: unknown) =>
          log.warn({ err: error }, 'files of hooks that a crash left may still be there'),
        );
      started = true;
      await hurry();
    },
    hurry,
    troubles: () => [...troubles.values()],
    refused: () => refused,
    async stop() {
      stopping.abort();
      alarm.cancel();
      await running;
    },
  };
}
