import { Socket } from 'node:dgram';

/** The data-plane worker, but a datagram that names `crash` ends its thread: as a bug would. */

type Emit = (this: Socket, event: string | symbol, ...values: unknown[]) => boolean;

const emit = Reflect.get(Socket.prototype, 'emit') as Emit;
const crashing: Emit = function (event, ...values) {
  if (event === 'message' && (values[0] as Buffer).includes('crash')) throw new Error('crashed on purpose');
  return emit.call(this, event, ...values);
};
Reflect.set(Socket.prototype, 'emit', crashing);

await import('../../src/dns/server/worker.ts');
