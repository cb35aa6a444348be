import { isIP } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import { AppError } from '../../core/errors.ts';
import type { Sealer } from '../../core/seal.ts';
import type { Actor } from '../../work/actor.ts';
import type { Snapshot } from '../../work/rows.ts';
import type { UnitOfWork } from '../../work/unit-of-work.ts';
import { parseDomainName } from '../../zones/names.ts';
import type { Reads as ZoneReads } from '../../zones/store.ts';
import type { DriverName } from '../drivers/driver.ts';
import { MESSAGE_SIZE_LIMIT, SPAM_SCORES } from '../drivers/model.ts';
import type { NextHop, SendLimit, SpamScores } from '../store.ts';
import {
  defaultSettings,
  type MailSettingsRow,
  mailSettingsRows,
  RELAY_PASSWORD,
  type RelayRow,
} from './store.ts';

/** The settings of the mail servers, without the password. */
export interface MailSettingsView {
  relay: (NextHop & { user: string | undefined; hasPassword: boolean }) | undefined;
  greylisting: boolean;
  /** Octets. */
  messageSizeLimit: number;
  scores: SpamScores;
  sendLimit: SendLimit | undefined;
  totalSendLimit: SendLimit | undefined;
}

/** What is not said stays; null is as it comes. */
export interface MailSettingsChange {
  /** Without a password the one that is kept stays, as long as host, port and user do. */
  relay?: (NextHop & { user?: string | undefined; password?: string | undefined }) | null | undefined;
  greylisting?: boolean | undefined;
  messageSizeLimit?: number | null | undefined;
  scores?: SpamScores | null | undefined;
  sendLimit?: SendLimit | null | undefined;
  totalSendLimit?: SendLimit | null | undefined;
}

export interface MailSettingsService {
  get(): MailSettingsView;
  /** @throws AppError */
  update(actor: Actor, change: MailSettingsChange): Promise<MailSettingsView>;
  /** What `update` would do; nothing is changed. @throws AppError as it does */
  preview(change: MailSettingsChange): MailSettingsPreview;
}

export interface MailSettingsPreview {
  /** Servers that would get other files, and reload. What may be sent is asked of the box: it holds at once. */
  reloads: DriverName[];
}

interface Tools {
  work: UnitOfWork;
  sealer: Sealer;
  zones: (state: Snapshot) => Pick<ZoneReads, 'box'>;
  /** Whether the box has webmail, too. */
  hasWeb: boolean;
}

export function createMailSettings({ work, sealer, zones, hasWeb }: Tools): MailSettingsService {
  const committed = work.committed.rows(mailSettingsRows);
  const get = (): MailSettingsView => viewOf(committed.settings() ?? defaultSettings);
  return {
    get,
    preview(change) {
      const before = committed.settings() ?? defaultSettings;
      return { reloads: reloads(before, changed(before, change, work.committed), hasWeb) };
    },
    async update(actor, change) {
      await work.change({ actor, cause: 'settings of the mail servers changed' }, (unit) => {
        const rows = unit.rows(mailSettingsRows);
        const after = changed(rows.settings() ?? defaultSettings, change, unit);
        rows.putSettings(after);
        unit.audit('mail.settings', 'mail', viewOf(after));
        unit.event('mail.settings-changed', {});
      });
      return get();
    },
  };

  function changed(before: MailSettingsRow, change: MailSettingsChange, state: Snapshot): MailSettingsRow {
    const { relay, greylisting, messageSizeLimit, scores, sendLimit, totalSendLimit } = change;
    const own = zones(state).box()?.hostname.canonical().toText();
    const after: MailSettingsRow = {
      relay: relay === undefined ? before.relay : relay === null ? undefined : relayRow(relay, before, own),
      greylisting: greylisting ?? before.greylisting,
      messageSizeLimit: chosen(messageSizeLimit, before.messageSizeLimit),
      scores: chosen(scores, before.scores),
      sendLimit: chosen(sendLimit, before.sendLimit),
      totalSendLimit: chosen(totalSendLimit, before.totalSendLimit),
    };
    checkScores(after.scores ?? SPAM_SCORES, 'scores');
    return after;
  }

  function relayRow(
    { host, port, user, password }: NonNullable<MailSettingsChange['relay']>,
    { relay: before }: MailSettingsRow,
    own: string | undefined,
  ): RelayRow {
    if (isIP(host) !== 0)
      throw invalid('relay.host', 'Give the relay host by its name, which its certificate must show.');
    const hop = { host: nextHost(host, 'relay.host', own), port };
    if (user === undefined) {
      if (password === undefined) return { ...hop, user, sealedPassword: undefined };
      throw invalid('relay.user', 'A password needs a user: give relay.user, too.');
    }
    // Kept for this server and this user: nobody has it sent elsewhere by another host alone.
    const same = before?.host === hop.host && before.port === port && before.user === user;
    const sealedPassword =
      password === undefined
        ? same && before.sealedPassword
        : sealer.seal(Buffer.from(password), RELAY_PASSWORD);
    if (!sealedPassword)
      throw invalid('relay.password', `Give the password of ${user} at ${hop.host}: none is kept for it.`);
    return { ...hop, user, sealedPassword };
  }
}

const chosen = <T>(given: T | null | undefined, before: T | undefined): T | undefined =>
  given === undefined ? before : (given ?? undefined);

/** By what of the settings is in whose files. */
function reloads(one: MailSettingsRow, other: MailSettingsRow, hasWeb: boolean): DriverName[] {
  const [before, after] = [viewOf(one), viewOf(other)];
  const isSealedAnew = one.relay?.sealedPassword !== other.relay?.sealedPassword;
  const isLarger = before.messageSizeLimit !== after.messageSizeLimit;
  const isOther = (key: 'relay' | 'greylisting' | 'scores'): boolean =>
    !isDeepStrictEqual(before[key], after[key]);
  return [
    ...(isOther('greylisting') || isOther('scores') ? (['rspamd'] as const) : []),
    ...(isLarger || isSealedAnew || isOther('relay') ? (['postfix'] as const) : []),
    ...(isLarger && hasWeb ? (['roundcube', 'nginx'] as const) : []),
  ];
}

const viewOf = ({ relay, messageSizeLimit, scores, ...row }: MailSettingsRow) => ({
  relay: relay && {
    ...{ host: relay.host, port: relay.port, user: relay.user },
    hasPassword: relay.sealedPassword !== undefined,
  },
  greylisting: row.greylisting,
  messageSizeLimit: messageSizeLimit ?? MESSAGE_SIZE_LIMIT,
  scores: scores ?? SPAM_SCORES,
  sendLimit: row.sendLimit,
  totalSendLimit: row.totalSendLimit,
});

/** @throws AppError for scores by which nothing would go into Junk. */
export function checkScores({ junk, reject }: SpamScores, path: string): void {
  if (junk >= reject)
    throw invalid(`${path}.reject`, 'What is refused must score more than what goes into Junk.');
}

/**
 * Where mail is handed to, as Postfix gets it. `own`: the name of the box.
 * @throws AppError invalid-request with the path
 */
export function nextHost(text: string, path: string, own: string | undefined): string {
  if (isIP(text) !== 0) return text.toLowerCase();
  const parsed = parseDomainName(text);
  if (!parsed.ok) throw invalid(path, parsed.message);
  const host = parsed.name.canonical().toText();
  if (host === own) throw invalid(path, `${host} is this box itself: mail would go in a circle.`);
  return host;
}

const invalid = (path: string, message: string): AppError =>
  new AppError('invalid-request', message, { errors: [{ path, message }] });
