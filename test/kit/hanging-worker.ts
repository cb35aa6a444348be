import { Socket } from 'node:dgram';

/** The data-plane worker, but a datagram that names `hang` keeps its thread busy for ever: as a bug would. */

type Emit = (this: Socket, event: string | symbol, ...values: unknown[]) => boolean;

const emit = Reflect.get(Socket.prototype, 'emit') as Emit;
const forever = new Int32Array(new SharedArrayBuffer(4));
const hanging: Emit = function (event, ...values) {
  // Waits, rather than turns: the test's machine has other things to do.
  if (event === 'message' && (values[0] as Buffer).includes('hang')) Atomics.wait(forever, 0, 0);
  return emit.call(this, event, ...values);
};
Reflect.set(Socket.prototype, 'emit', hanging);

await import('../../src/dns/server/worker.ts');
