const HOUR = 3_600_000;
/** Hours that are shown, the one that runs included. */
const HOURS = 24;

export type MailKind = 'delivered' | 'junk' | 'again' | 'refused' | 'sent';

/** As a chart has them, from the bottom up. */
export const mailKinds: readonly MailKind[] = ['delivered', 'sent', 'junk', 'again', 'refused'];

interface Passed {
  at: string;
  user: string | null;
  action: string;
}

type HourOfMail = { at: string } & Record<MailKind, number>;

/** How many messages passed in each hour of the last day, by what became of them. */
export function mailByHour(entries: readonly Passed[], now: number): HourOfMail[] {
  const last = Math.floor(now / HOUR);
  const hours = Array.from({ length: HOURS }, (_, index): HourOfMail => ({
    at: new Date((last - HOURS + 1 + index) * HOUR).toISOString(),
    ...{ delivered: 0, sent: 0, junk: 0, again: 0, refused: 0 },
  }));
  for (const entry of entries) {
    const hour = hours[Math.floor(Date.parse(entry.at) / HOUR) - last + HOURS - 1];
    if (hour) hour[kindOf(entry)]++;
  }
  return hours;
}

/** The actions are those of Rspamd; one that is not known here leaves the message as it is. */
function kindOf({ user, action }: Passed): MailKind {
  if (action === 'reject') return 'refused';
  if (action === 'greylist' || action === 'soft reject') return 'again';
  if (user !== null) return 'sent';
  return action === 'add header' || action === 'rewrite subject' ? 'junk' : 'delivered';
}
