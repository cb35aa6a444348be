import { damagedMonth } from '../test/kit/damaged-month.ts';

/** A month of the clock of a box on whose disk rows of some zones were damaged: keys, nodes, records and versions. ZONES and DAMAGED say how many. */
export const name = 'damage: a month with damaged zones';

const ZONES = Number(process.env['ZONES'] ?? 10_000);
const DAMAGED = Number(process.env['DAMAGED'] ?? 100);

export async function run(): Promise<void> {
  const started = performance.now();
  const report = (line: string): void =>
    console.log(`${((performance.now() - started) / 1000).toFixed(0).padStart(6)} s  ${line}`);
  const month = await damagedMonth({ zones: ZONES, damaged: DAMAGED, report });
  const parts = Object.entries(month.damaged).map(([part, zones]) => `${zones.length} by their ${part}`);
  const unnamed = Object.values(month.damaged)
    .flat()
    .filter((zone) => !month.named.includes(zone));
  console.log(`
zones                                     ${ZONES}
damaged                                   ${parts.join(', ')}
named                                     ${month.named.length}, missing: ${unnamed.length}
made anew by themselves                   ${month.rebuilt.length}
in trouble at the end (their key is lost) ${month.inTrouble.length}, last version served on: ${month.keptVersions ? 'yes' : 'NO'}
all others and those made anew: bogus     ${month.bogus.length}
                           not renewed    ${month.notRenewed.length}
                           least left     ${(month.leastLeft / 86_400).toFixed(1)} days of a signature
once the keys are back: in trouble        ${month.afterKeysCameBack.inTrouble.length}
                        bogus             ${month.afterKeysCameBack.bogus.length}`);
}
