import type { Socket } from 'node:net';
import koffi from 'koffi';

/** Linux, socket(7) and unix(7). */
const [SOL_SOCKET, SO_PEERCRED] = [1, 17];
/** struct ucred: pid, uid, gid. */
const UCRED_OCTETS = 12;

const getsockopt = koffi
  .load(null)
  .func('int getsockopt(int fd, int level, int name, uint8_t *value, uint32_t *length)') as (
  fd: number,
  level: number,
  name: number,
  value: Uint8Array,
  length: Uint32Array,
) => number;

/** Who connected to a unix socket, as the kernel noted it then. @throws Error when it does not tell */
export function peerCredentials(socket: Socket): { pid: number; uid: number; gid: number } {
  // Node has no other way to the descriptor of a connection.
  const { _handle: handle } = socket as unknown as { _handle?: { fd?: number } };
  const fd = handle?.fd ?? -1;
  const value = Buffer.alloc(UCRED_OCTETS);
  if (fd < 0 || getsockopt(fd, SOL_SOCKET, SO_PEERCRED, value, Uint32Array.of(UCRED_OCTETS)) !== 0)
    throw new Error('the kernel does not tell who connected');
  const [pid, uid, gid] = [value.readInt32LE(0), value.readUInt32LE(4), value.readUInt32LE(8)];
  return { pid, uid, gid };
}
