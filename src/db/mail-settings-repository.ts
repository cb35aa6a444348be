import type { MailSettingsRow, MailSettingsWrites, RelayRow } from '../mail/settings/store.ts';
import type { Connection } from './database.ts';
import { mailSettings } from './schema/mail.ts';
import { toLimit } from './send-limit.ts';

export function mailSettingsRepository({ orm }: Connection): MailSettingsWrites {
  const only = orm.select().from(mailSettings).prepare();
  return {
    settings() {
      const row = only.get();
      return row && toSettings(row);
    },
    putSettings({ relay, greylisting, messageSizeLimit, scores, sendLimit, totalSendLimit }) {
      const row = {
        id: 1,
        relayHost: relay?.host ?? null,
        relayPort: relay?.port ?? null,
        relayUser: relay?.user ?? null,
        relayPassword: relay?.sealedPassword ? Buffer.from(relay.sealedPassword) : null,
        greylisting,
        messageSizeLimit: messageSizeLimit ?? null,
        junkScore: scores?.junk ?? null,
        rejectScore: scores?.reject ?? null,
        limitMessages: sendLimit?.messages ?? null,
        limitSeconds: sendLimit?.seconds ?? null,
        totalMessages: totalSendLimit?.messages ?? null,
        totalSeconds: totalSendLimit?.seconds ?? null,
      };
      orm.insert(mailSettings).values(row).onConflictDoUpdate({ target: mailSettings.id, set: row }).run();
    },
  };
}

type Row = typeof mailSettings.$inferSelect;

function toSettings(row: Row): MailSettingsRow {
  const { greylisting, messageSizeLimit, junkScore, rejectScore } = row;
  return {
    relay: toRelay(row),
    greylisting,
    messageSizeLimit: messageSizeLimit ?? undefined,
    scores: junkScore === null || rejectScore === null ? undefined : { junk: junkScore, reject: rejectScore },
    sendLimit: toLimit(row.limitMessages, row.limitSeconds),
    totalSendLimit: toLimit(row.totalMessages, row.totalSeconds),
  };
}

function toRelay({ relayHost, relayPort, relayUser, relayPassword }: Row): RelayRow | undefined {
  if (relayHost === null || relayPort === null) return undefined;
  return {
    host: relayHost,
    port: relayPort,
    user: relayUser ?? undefined,
    sealedPassword: relayPassword ?? undefined,
  };
}
