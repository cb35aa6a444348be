import koffi from 'koffi';
import { getSystemErrorName } from 'node:util';

/** Of recvmmsg and sendmmsg: neither waits. */
export const MSG_DONTWAIT = 0x40;

/** The system calls of sockets, by their C library wrappers. Memory is given by its address where a call is made for each batch. */
export interface SocketCalls {
  socket(family: number, type: number, protocol: number): number;
  bind(fd: number, address: Uint8Array, length: number): number;
  setsockopt(fd: number, level: number, name: number, value: Uint32Array, length: number): number;
  close(fd: number): number;
  recvmmsg(fd: number, messages: number, count: number, flags: number, timeout: null): number;
  sendmmsg(fd: number, messages: number, count: number, flags: number): number;
  if_nametoindex(name: string): number;
  poll(fds: Uint8Array, count: number, timeout: number): number;
}

/** @throws Error when this machine's layouts of memory are not those that are written down here, or a call is missing */
export function bindSocketCalls(): SocketCalls {
  // 64 bits, little-endian, numbers of asm-generic: of others nobody has run this.
  if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch))
    throw new Error(`socket calls are not known for ${process.platform} on ${process.arch}`);
  const libc = koffi.load(null);
  const bind = (definition: string): ReturnType<typeof libc.func> => libc.func(definition);
  return {
    socket: bind('int socket(int family, int type, int protocol)'),
    bind: bind('int bind(int fd, const uint8_t *address, uint32_t length)'),
    setsockopt: bind('int setsockopt(int fd, int level, int name, const uint32_t *value, uint32_t length)'),
    close: bind('int close(int fd)'),
    recvmmsg: bind('int recvmmsg(int fd, uintptr_t messages, unsigned int count, int flags, void *timeout)'),
    sendmmsg: bind('int sendmmsg(int fd, uintptr_t messages, unsigned int count, int flags)'),
    if_nametoindex: bind('unsigned int if_nametoindex(const char *name)'),
    poll: bind('int poll(uint8_t *fds, unsigned long count, int timeout)'),
  };
}

/** What the last call that returned -1 failed with: `EAGAIN`. */
export function lastErrorCode(): string {
  return getSystemErrorName(-koffi.errno());
}

/** @throws Error with the code of the failure, when a call returned -1 */
export function checked(result: number, call: string): number {
  if (result >= 0) return result;
  const code = lastErrorCode();
  throw Object.assign(new Error(`${call}: ${code}`), { code, syscall: call });
}

/** The address of memory that stays where it is: that of an ArrayBuffer which is kept. */
export function addressOf(buffer: ArrayBuffer): number {
  // Addresses of a process have 47 bits, or 48 (arm64).
  return Number(koffi.address(buffer));
}
