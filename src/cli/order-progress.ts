import type { Clock } from '../core/clock.ts';

/** A certificate as the API answers it. */
export interface Certificate {
  id: string;
  names: string[];
  purpose: string;
  domain: string | null;
  kind: string;
  keyAlgorithm: string;
  issuer: string | null;
  serialNumber: string | null;
  notBefore: string | null;
  notAfter: string | null;
  state: string;
  step: string | null;
  problem: string | null;
  nextAttemptAt: string | null;
  nextAttemptWhy: string | null;
  /** The newest first. */
  attempts: Attempt[];
}

export interface Attempt {
  startedAt: string;
  endedAt: string | null;
  step: string;
  problem: string | null;
  detail: string | null;
}

/** The way of an order, in the words that are shown. */
const steps: [step: string, text: string][] = [
  ['order', 'order placed at the CA'],
  ['record', 'challenge records written'],
  ['live', 'records live here and on every nameserver'],
  ['validated', 'validated by the CA'],
  ['issued', 'issued'],
  ['installed', 'in use'],
];

/** Milliseconds between two looks, and how near a planned attempt is taken as the one that was asked for. */
const POLL = 250;
const SOON = 60_000;

export interface FollowOptions {
  /** As it was answered when the order was asked for. */
  certificate: Certificate;
  read(): Promise<Certificate>;
  /** Attempts that were over before ({@link overBefore}): they say nothing about this order. */
  known: ReadonlySet<string>;
  /** Shows one line. */
  report(line: string): void;
  /** Milliseconds after which nobody waits any more. */
  limit: number;
  clock: Clock;
  wait(milliseconds: number): Promise<void>;
}

/**
 * - `unchanged`: a valid one was there, nothing was ordered; `installed`: the new one is in use
 * - `later`: issued, and used from the certificate's `nextAttemptAt` on; `failed`: see the last attempt
 * - `putOff`: nothing may be tried before `nextAttemptAt`, for the reason that it gives
 * - `late`: it had not ended when the time was over
 */
export interface Outcome {
  kind: 'unchanged' | 'installed' | 'later' | 'failed' | 'putOff' | 'late';
  certificate: Certificate;
}

export function attemptKey({ id }: { id: string }, attempt: Attempt): string {
  return `${id} ${attempt.startedAt}`;
}

/**
 * The attempts that were over when the order was asked for. One that runs is the one that is followed, whoever began it; and so is
 * one whose certificate is issued and waits to be used.
 */
export function overBefore(certificates: readonly Certificate[]): Set<string> {
  return new Set(
    certificates.flatMap((certificate) =>
      certificate.attempts
        .filter((attempt, i) => attempt.endedAt !== null && !(i === 0 && waitsForUse(certificate)))
        .map((attempt) => attemptKey(certificate, attempt)),
    ),
  );
}

function waitsForUse({ state, attempts }: Certificate): boolean {
  return attempts[0]?.step === 'issued' && (state === 'renewing' || state === 'ordering');
}

/** Reports each step once, in its order, until the order has ended or the time is over. */
export async function followOrder(options: FollowOptions): Promise<Outcome> {
  const { clock, limit } = options;
  const start = clock.monotonic();
  const elapsed = (): number => clock.monotonic() - start;
  const report = reporter((text) =>
    options.report(`${(elapsed() / 1000).toFixed(1).padStart(6)} s  ${text}`),
  );
  let { certificate } = options;
  if (nothingOrdered(options)) return { kind: 'unchanged', certificate };
  for (;;) {
    const attempt = newAttempt(certificate, options.known);
    report(attempt, certificate);
    const kind = attempt && endOf(attempt, certificate);
    if (kind) return { kind, certificate };
    if (!attempt && isPutOff(certificate, clock)) return { kind: 'putOff', certificate };
    if (elapsed() >= limit) return { kind: 'late', certificate };
    await options.wait(POLL);
    certificate = await options.read();
  }
}

/** A valid one, none that is under way, and the next not before its time. */
function nothingOrdered({ certificate, known, clock }: FollowOptions): boolean {
  const { state, nextAttemptAt } = certificate;
  if (state !== 'valid' || newAttempt(certificate, known)) return false;
  return nextAttemptAt === null || Date.parse(nextAttemptAt) > clock.now() + SOON;
}

/** Nothing is under way, and nothing will be for a while: a limit of the CA's, above all. */
function isPutOff({ state, nextAttemptAt }: Certificate, clock: Clock): boolean {
  if (state === 'renewing' || state === 'ordering' || nextAttemptAt === null) return false;
  return Date.parse(nextAttemptAt) > clock.now() + SOON;
}

function newAttempt(certificate: Certificate, known: ReadonlySet<string>): Attempt | undefined {
  return certificate.attempts.find((attempt) => !known.has(attemptKey(certificate, attempt)));
}

function endOf({ step, endedAt }: Attempt, { state }: Certificate): Outcome['kind'] | undefined {
  if (endedAt === null) return undefined;
  if (step === 'failed') return 'failed';
  if (step !== 'installed') return 'later';
  // The order cleans up after itself for a moment yet.
  return state === 'renewing' || state === 'ordering' ? undefined : 'installed';
}

/** Looks may miss steps; those before the one that is seen are over as well. */
function reporter(
  show: (text: string) => void,
): (attempt: Attempt | undefined, certificate: Certificate) => void {
  let shown = 0;
  let waiting: string | undefined;
  return (attempt, { nextAttemptWhy }) => {
    const reached = steps.findIndex(([step]) => step === attempt?.step) + 1;
    const why = `waiting for its turn${nextAttemptWhy === null ? '' : ` (${nextAttemptWhy})`}`;
    if (reached === 0 && shown === 0 && attempt?.step !== 'failed' && why !== waiting) {
      waiting = why;
      show(why);
    }
    for (; shown < reached; shown++) show(steps[shown]![1]);
  };
}
