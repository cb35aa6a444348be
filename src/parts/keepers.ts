import { answerKeeper } from '../access/idempotency.ts';
import { sessionKeeper } from '../access/people/sessions.ts';
import { useKeeper } from '../certs/order/limit-uses.ts';
import type { Clock } from '../core/clock.ts';
import type { Name } from '../dns/wire/name.ts';
import { keyChangeKeeper } from '../mail/dkim/dkim.ts';
import { directoryKeeper } from '../mail/directory/directory.ts';
import { auditKeeper } from '../work/audit.ts';
import type { Keeper } from '../work/history.ts';
import { jobKeeper } from '../work/job-runner.ts';
import type { Change } from '../work/unit-of-work.ts';
import { purgeKeeper } from '../zones/history/purge.ts';
import { signatureKeeper, versionKeeper } from '../zones/history/versions.ts';
import type { KeyRing } from '../zones/keys/key-ring.ts';
import { defaultRetention } from '../zones/model.ts';
import { registrarRows } from '../zones/registrar/store.ts';
import type { Store } from '../zones/store.ts';

/** What is forgotten when it is old. */
export function keepersOf(store: Store, keys: KeyRing, clock: Clock): Keeper[] {
  const retention = () => store.read.box()?.retention ?? defaultRetention;
  const registrarPart = {
    zonePurged: (change: Change, zone: Name) => change.rows(registrarRows).delete(zone),
  };
  return [
    versionKeeper(retention, clock),
    signatureKeeper(clock),
    purgeKeeper({ retention, keys, parts: [registrarPart], clock }),
    auditKeeper(() => retention().audit, clock),
    jobKeeper(() => retention().jobs, clock),
    answerKeeper(clock),
    sessionKeeper(clock),
    useKeeper(clock),
    directoryKeeper,
    keyChangeKeeper,
  ];
}
