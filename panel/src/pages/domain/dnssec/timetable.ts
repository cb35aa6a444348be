/** What the picture is drawn from, as the API says it. */
export interface TimetableFacts {
  keys: readonly { keyTag: number; state: string; createdAt: string }[];
  signatures: { validFrom: string; renewAt: string; expireAt: string } | null;
  parent: { checkedAt: string | null } | undefined;
}

/** A row of the picture. Times are milliseconds since the epoch, cut to the axis; `earlier`, `later`: it goes on beyond the axis. */
export interface Bar {
  kind: 'key' | 'signatures' | 'ds';
  keyTag?: number;
  /** Of a key. */
  state?: string;
  from: number;
  to: number;
  earlier: boolean;
  later: boolean;
  /** A moment of its own: of the renewal, or when the parent was asked. */
  mark?: number;
}

export interface Timetable {
  from: number;
  to: number;
  now: number;
  bars: Bar[];
}

const DAY = 86_400_000;
/** Keys made before that are older than what the axis shows: signatures hold for two weeks. */
const LOOK_BACK = 28 * DAY;

/** Bars of keys, signatures and the parent's DS on one axis: from what began lately to a day after the signatures expire. */
export function timetableOf(facts: TimetableFacts, now: number): Timetable {
  const { from, to } = axisOf(facts, now);
  const cut = (start: number, end: number): Pick<Bar, 'from' | 'to' | 'earlier' | 'later'> => ({
    from: Math.max(Math.min(start, to), from),
    to: Math.max(Math.min(end, to), from),
    earlier: start < from,
    later: end > to,
  });
  const bars: Bar[] = facts.keys.map(({ keyTag, state, createdAt }) => ({
    kind: 'key',
    keyTag,
    state,
    // Nothing says when it goes.
    ...cut(Date.parse(createdAt), Infinity),
  }));
  if (facts.signatures) {
    const { validFrom, renewAt, expireAt } = facts.signatures;
    // What is due already is renewed as soon as can be.
    const mark = Math.max(Date.parse(renewAt), now);
    bars.push({ kind: 'signatures', ...cut(Date.parse(validFrom), Date.parse(expireAt)), mark });
  }
  if (facts.parent) bars.push(dsBar(facts.parent, cut, now));
  return { from, to, now, bars };
}

/** Since when the parent has it nobody says: the bar begins when it was seen. */
function dsBar(
  { checkedAt }: NonNullable<TimetableFacts['parent']>,
  cut: (start: number, end: number) => Pick<Bar, 'from' | 'to' | 'earlier' | 'later'>,
  now: number,
): Bar {
  if (checkedAt === null) return { kind: 'ds', ...cut(now, Infinity) };
  const bar = cut(Date.parse(checkedAt), Infinity);
  return { kind: 'ds', ...bar, ...(bar.earlier ? {} : { mark: bar.from }) };
}

function axisOf({ keys, signatures }: TimetableFacts, now: number): { from: number; to: number } {
  const made = keys.map(({ createdAt }) => Date.parse(createdAt));
  const begun = [...made, ...(signatures ? [Date.parse(signatures.validFrom)] : [])];
  const from = Math.min(now, ...begun.filter((time) => time > now - LOOK_BACK));
  const expiry = signatures ? Date.parse(signatures.expireAt) : now;
  return { from: from - DAY / 2, to: Math.max(expiry, now) + DAY };
}

/** Days between two of the ticks. */
const STEPS = [1, 2, 4, 7, 14, 28];

/** Beginnings of days, as the reader's clock has them: four at most, for a phone. */
export function ticksOf({ from, to }: Pick<Timetable, 'from' | 'to'>): number[] {
  const step = STEPS.find((days) => (to - from) / (days * DAY) < 4) ?? 56;
  const ticks: number[] = [];
  const day = new Date(from);
  day.setHours(24, 0, 0, 0);
  // A day with a change of the clock has another length.
  for (; day.getTime() < to; day.setDate(day.getDate() + step)) ticks.push(day.getTime());
  return ticks;
}
