import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { Random } from '../../core/random.ts';
import { AcmeError } from '../acme/problem.ts';
import type { AcmeClient } from '../acme/protocol.ts';
import type { CertificateRow } from '../store.ts';
import { parseChain } from '../x509/parse-chain.ts';
import { nextCheck, renewalSchedule, suggestionOf } from './renewal.ts';
import type { Rows } from './rows.ts';

export interface SuggestionOptions {
  rows: Rows;
  /** undefined: no CA is set. */
  client: AcmeClient | undefined;
  clock: Clock;
  random: Random;
  log: Log;
}

/** Asks the CA when it would have the certificate renewed (RFC 9773). */
export async function askSuggestion(
  { rows, client, clock, random, log }: SuggestionOptions,
  { id, names, current, suggestion: before }: CertificateRow,
): Promise<void> {
  // RFC 9773 §4.3: it is not asked about one that has expired.
  const parsed = current && current.notAfter > clock.now() ? parseChain(current.chain) : undefined;
  const certificateId = parsed?.ok ? parsed.parsed.leaf.renewalInfoId : undefined;
  const info = client && certificateId !== undefined ? await suggested(client, certificateId, log) : 'none';
  const now = clock.now();
  if (typeof info === 'object' && info.explanation !== undefined && before?.start !== Date.parse(info.start))
    log.info({ names, ...info }, 'the CA says when to renew, and why');
  await rows.update(id, (row) => {
    // Failures have a schedule of their own, and so has what a person asked for.
    const free = row.failures === 0 && row.schedule !== undefined && row.schedule.at > now;
    if (info === 'none' || !row.current) return { ...row, suggestion: undefined };
    if (info === 'failed')
      return {
        ...row,
        suggestion: row.suggestion && { ...row.suggestion, checkAt: nextCheck(now, undefined) },
      };
    const suggestion = suggestionOf(info, row.suggestion, now, random);
    return {
      ...row,
      suggestion,
      schedule: free ? renewalSchedule(row.current, suggestion, random) : row.schedule,
    };
  });
}

/** Whatever goes wrong with the question must not keep the certificate from its renewal (RFC 9773 §4.3.3). */
async function suggested(client: AcmeClient, certificateId: string, log: Log) {
  try {
    return (await client.renewalInfo(certificateId)) ?? 'none';
  } catch (error) {
    if (error instanceof AcmeError) log.info({ problem: error.problem }, 'the CA did not say when to renew');
    else log.error({ err: error }, 'asking the CA when to renew failed');
    return 'failed';
  }
}
