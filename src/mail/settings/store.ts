import { RowsKey } from '../../work/rows.ts';
import type { NextHop, SendLimit, SpamScores } from '../store.ts';

/** The server that takes all mail for elsewhere. */
export interface RelayRow extends NextHop {
  /** undefined: it takes our mail without. */
  user: string | undefined;
  /** In the context of {@link RELAY_PASSWORD}. */
  sealedPassword: Uint8Array | undefined;
}

/** What a person chose of the mail servers as a whole; what is undefined is as it comes. */
export interface MailSettingsRow {
  relay: RelayRow | undefined;
  greylisting: boolean;
  /** Octets. */
  messageSizeLimit: number | undefined;
  scores: SpamScores | undefined;
  /** Of each mailbox that has none of its own, nor its domain's. */
  sendLimit: SendLimit | undefined;
  /** Of all mailboxes of a domain together that has none of its own. */
  totalSendLimit: SendLimit | undefined;
}

/** As they come. */
export const defaultSettings: MailSettingsRow = {
  relay: undefined,
  greylisting: false,
  messageSizeLimit: undefined,
  scores: undefined,
  sendLimit: undefined,
  totalSendLimit: undefined,
};

/** What the relay's password is sealed for. */
export const RELAY_PASSWORD = 'mail:relay-password';

export interface MailSettingsReads {
  /** undefined: nobody chose anything yet. */
  settings(): MailSettingsRow | undefined;
}

export interface MailSettingsWrites extends MailSettingsReads {
  putSettings(row: MailSettingsRow): void;
}

export const mailSettingsRows = new RowsKey<MailSettingsReads, MailSettingsWrites>('mail settings');
