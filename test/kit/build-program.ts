import { join } from 'node:path';
import { buildProgram } from '../../scripts/program.mjs';

/** Before the first test: bundles what tests start as programs, unless the bundle is of this very source. */
export async function setup(): Promise<void> {
  await buildProgram(join(import.meta.dirname, '../..'), process.execPath);
}
