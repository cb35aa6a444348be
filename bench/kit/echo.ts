import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { freePort } from '../../test/kit/free-port.ts';
import { type Nameserver, pinned } from '../../test/kit/zone-servers.ts';

/** The echo in C, which answers with so many octets; undefined without a compiler. */
export async function startEcho(
  folder: string,
  octets: number,
  core: number,
): Promise<Nameserver | undefined> {
  const program = join(folder, 'echo');
  const source = join(import.meta.dirname, 'echo.c');
  if (spawnSync('cc', ['-O2', '-o', program, source]).status !== 0) return undefined;
  const port = await freePort();
  const began = performance.now();
  return { name: 'C echo', port, process: pinned([program, `${port}`, `${octets}`], core), began };
}
