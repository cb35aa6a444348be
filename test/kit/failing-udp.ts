import type { ListenUdp } from '../../src/dns/server/transport.ts';
import { beforeAnswers } from './udp-modules.ts';

/** UDP as workers serve it, but a datagram that names `crash` ends the thread, and one that names `hang` keeps it busy for ever: as bugs would. */

const module = import.meta.url.endsWith('?dgram') ? '../../src/dns/server/udp.ts' : '../../src/native/udp.ts';
const { listenUdp: listen } = (await import(module)) as { listenUdp: ListenUdp };
const forever = new Int32Array(new SharedArrayBuffer(4));

export const listenUdp = beforeAnswers(listen, (query) => {
  if (query.includes('crash')) throw new Error('crashed on purpose');
  // Waits, rather than turns: the test's machine has other things to do.
  if (query.includes('hang')) Atomics.wait(forever, 0, 0);
});
