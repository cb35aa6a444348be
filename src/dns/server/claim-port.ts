import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { addressKey, type SocketAddress } from './transport.ts';

/** Why the server cannot listen, for the person who started it. */
export interface ListenProblem {
  code: 'port-in-use' | 'not-permitted' | 'address-unavailable' | 'listen-failed';
  address: SocketAddress;
  message: string;
}

/** How often a free port is drawn that turns out to be taken for the other transport or on another address. */
const DRAWS = 20;

/**
 * Makes sure that nobody else listens at the addresses: our own workers share the port by SO_REUSEPORT, and so could another
 * server without any error. Port 0 becomes one free port for all addresses and transports. Nothing stays bound.
 */
export async function claimPorts(
  addresses: readonly SocketAddress[],
  transports: readonly ('udp' | 'tcp')[] = ['udp', 'tcp'],
): Promise<{ addresses: SocketAddress[] } | { problem: ListenProblem }> {
  const attempts = transports.map((transport) => ({ udp: tryUdp, tcp: tryTcp })[transport]);
  const first = addresses.find(({ port }) => port === 0);
  for (let draw = 0; ; draw++) {
    const drawn = first ? await attempts[0]!(first) : 0;
    if (typeof drawn !== 'number') return { problem: drawn };
    const claimed = addresses.map(({ address, port }) => ({ address, port: port === 0 ? drawn : port }));
    const problem = await firstProblem(claimed, attempts);
    if (!problem) return { addresses: claimed };
    if (!first || problem.address.port !== drawn || draw === DRAWS) return { problem };
  }
}

async function firstProblem(
  addresses: readonly SocketAddress[],
  attempts: readonly ((address: SocketAddress) => Promise<number | ListenProblem>)[],
): Promise<ListenProblem | undefined> {
  for (const address of addresses) {
    for (const attempt of attempts) {
      const result = await attempt(address);
      if (typeof result !== 'number') return result;
    }
  }
  return undefined;
}

/** Binds and lets go; the port that was bound, or the problem. */
function tryUdp(address: SocketAddress): Promise<number | ListenProblem> {
  const ipv6 = address.address.includes(':');
  return new Promise((resolve) => {
    const socket = createSocket({ type: ipv6 ? 'udp6' : 'udp4', ipv6Only: ipv6 });
    socket.once('error', (error) => {
      socket.close();
      resolve(problemOf(address, 'UDP', error));
    });
    socket.bind({ address: address.address, port: address.port, exclusive: true }, () => {
      const { port } = socket.address();
      socket.close(() => resolve(port));
    });
  });
}

function tryTcp(address: SocketAddress): Promise<number | ListenProblem> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(problemOf(address, 'TCP', error)));
    const ipv6Only = address.address.includes(':');
    server.listen({ host: address.address, port: address.port, exclusive: true, ipv6Only }, () => {
      const bound = server.address();
      const port = bound !== null && typeof bound === 'object' ? bound.port : address.port;
      server.close(() => resolve(port));
    });
  });
}

function problemOf(address: SocketAddress, transport: string, error: NodeJS.ErrnoException): ListenProblem {
  const where = `${transport} ${addressKey(address)}`;
  switch (error.code) {
    case 'EADDRINUSE':
      return {
        code: 'port-in-use',
        address,
        message: `another program listens on ${where}; stop it, or choose another address or port`,
      };
    case 'EACCES':
    case 'EPERM':
      return {
        code: 'not-permitted',
        address,
        message: `${where} may not be bound by this user; grant CAP_NET_BIND_SERVICE or choose a port above 1023`,
      };
    case 'EADDRNOTAVAIL':
      return {
        code: 'address-unavailable',
        address,
        message: `this machine has no address ${address.address}; choose one that it has`,
      };
    default:
      return { code: 'listen-failed', address, message: `${where} cannot be bound: ${error.message}` };
  }
}
