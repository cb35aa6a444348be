import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { freePort } from '../../test/kit/free-port.ts';
import { type Nameserver, pinned } from '../../test/kit/zone-servers.ts';

/** The echoes in C, which answer with so many octets: 64 datagrams a system call, as we do, and one. None without a compiler. */
export async function startEchoes(folder: string, octets: number, core: number): Promise<Nameserver[]> {
  const program = join(folder, 'echo');
  const source = join(import.meta.dirname, 'echo.c');
  if (spawnSync('cc', ['-O2', '-o', program, source]).status !== 0) return [];
  const start = async (name: string, batch: number): Promise<Nameserver> => {
    const port = await freePort();
    const began = performance.now();
    return { name, port, process: pinned([program, `${port}`, `${octets}`, `${batch}`], core), began };
  };
  return [await start('C echo, 64 a call', 64), await start('C echo, one a call', 1)];
}
