import { expect, it } from 'vitest';
import { closeOpenAttempts } from '../../src/certs/order/attempt-log.ts';
import { certificateRows } from '../../src/certs/store.ts';
import { FakeClock } from '../../src/core/clock.ts';
import { toRfc3339 } from '../../src/core/rfc3339.ts';
import { seededRandom } from '../../src/core/random.ts';
import { certificateRow, storedCertificate } from '../kit/certificate-row.ts';
import { type CertsBox, openCerts } from '../kit/certs-box.ts';
import { writeRows } from '../kit/work.ts';

const DAY = 86_400_000;

/** Certificates that have nothing to do for a month; the first `open` of them were being ordered when the box stopped. */
async function seed({ zones }: CertsBox, count: number, open: number, now: number): Promise<void> {
  await writeRows(zones.work, certificateRows, (rows) => {
    for (let n = 0; n < count; n++) {
      const names = [`d${n}.example`, `*.d${n}.example`];
      const current = storedCertificate({ names, notBefore: now - DAY, notAfter: now + 80 * DAY });
      rows.put({ ...certificateRow({ names }), id: `c${n}`, current, wakeAt: now + 30 * DAY });
      rows.putAttempt(`c${n}`, {
        startedAt: toRfc3339(now - DAY),
        endedAt: n < open ? undefined : toRfc3339(now - DAY + 5000),
        step: n < open ? 'order' : 'installed',
        problem: undefined,
        detail: undefined,
      });
    }
  });
}

it('starts beside any number of certificates with as few changes, and counts them without reading one', async () => {
  const counts: number[] = [];
  for (const certificates of [1, 500]) {
    const clock = new FakeClock();
    let moments = 0;
    const at = () => {
      moments++;
      return Promise.resolve();
    };
    const box = await openCerts({ clock, random: seededRandom(1), at, ca: undefined });
    await seed(box, certificates, 1, clock.now());
    await box.certificates.start();
    counts.push(moments);
    expect(box.certificates.figures().states).toMatchObject({ valid: certificates });
    await box.close();
  }
  // Without a CA set before, each page of rows is looked at once.
  expect(counts[1]! - counts[0]!).toBeLessThanOrEqual(2 * 2);
});

it('closes what a stop cut short, a hundred at a time', async () => {
  const clock = new FakeClock();
  const box = await openCerts({ clock, random: seededRandom(1), ca: undefined });
  await seed(box, 400, 250, clock.now());
  let changes = 0;
  const work: typeof box.zones.work = {
    ...box.zones.work,
    change(...given) {
      changes++;
      return box.zones.work.change(...given);
    },
  };
  await closeOpenAttempts({ work, clock });
  expect(changes).toBe(3);
  expect(box.certs.openAttempts(1)).toEqual([]);
  const problem = 'The box was stopped in the middle; the order goes on where it was.';
  const endedAt = toRfc3339(clock.now());
  expect(box.certs.attempts('c249', 1)).toMatchObject([{ step: 'failed', endedAt, problem }]);
  expect(box.certs.attempts('c250', 1)).toMatchObject([{ step: 'installed' }]);
  await closeOpenAttempts({ work, clock });
  expect(changes).toBe(3);
  await box.close();
});
