import { freePort } from '../../test/kit/free-port.ts';
import { type Nameserver, pinned } from '../../test/kit/zone-servers.ts';
import { compile } from './compile.ts';

/** The echoes in C, which answer with so many octets: 64 datagrams a system call, as we do, and one. */
export async function startEchoes(octets: number, core: number): Promise<Nameserver[]> {
  const program = compile('echo');
  const start = async (name: string, batch: number): Promise<Nameserver> => {
    const port = await freePort();
    const began = performance.now();
    return { name, port, process: pinned([program, `${port}`, `${octets}`, `${batch}`], core), began };
  };
  return [await start('C echo, 64 a call', 64), await start('C echo, one a call', 1)];
}
