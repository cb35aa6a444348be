import { spawnSync } from 'node:child_process';
import type { SocketAddress } from '../../src/dns/server/transport.ts';

/** Sends a datagram with source port 0 over loopback, as only root can. Node has no raw sockets. */
export function sendFromPortZero({ address, port }: SocketAddress, octets: Uint8Array): void {
  // No checksum (RFC 768): nobody checks it over IPv4.
  const program = [
    'use Socket;',
    'socket(my $s, AF_INET, SOCK_RAW, 17) or die $!;',
    'my ($host, $port, $hex) = @ARGV;',
    'my $data = pack("H*", $hex);',
    'send($s, pack("nnnn", 0, $port, 8 + length $data, 0) . $data, 0, sockaddr_in(0, inet_aton($host))) or die $!;',
  ].join('\n');
  const hex = Buffer.from(octets).toString('hex');
  const { status, stderr } = spawnSync('perl', ['-e', program, address, `${port}`, hex], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
}
