import { createSocket } from 'node:dgram';
import { sleep, systemClock } from '../../src/core/clock.ts';
import type { SocketAddress } from '../../src/dns/server/transport.ts';
import { decodeMessage, encodeMessage, type Message, newMessage } from '../../src/dns/message/message.ts';
import { Name } from '../../src/dns/wire/name.ts';
import { typeCode } from '../../src/dns/rdata/registry.ts';

let nextId = 1;

/** Query bytes for a name and type, with EDNS and DO. */
export function queryBytes(name: string, type: string, id = nextId++ & 0xffff): Uint8Array {
  return encodeMessage(
    newMessage({
      id,
      questions: [{ name: Name.parse(name), type: typeCode(type)!, class: 1 }],
      edns: { udpSize: 1232, version: 0, do: true, options: [] },
    }),
    {},
  );
}

/** Asks over UDP; undefined when nothing comes back in `timeout` milliseconds. */
export async function ask(
  server: SocketAddress,
  name: string,
  type: string,
  timeout = 2000,
): Promise<Message | undefined> {
  const bytes = await exchangeUdp(server, queryBytes(name, type), timeout);
  return bytes && decodeMessage(bytes);
}

/** Sends octets over UDP; undefined when nothing comes back in `timeout` milliseconds. */
export async function exchangeUdp(
  { address, port }: SocketAddress,
  octets: Uint8Array,
  timeout = 2000,
): Promise<Buffer | undefined> {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  try {
    return await new Promise((resolve, reject) => {
      const timer = setTimeout(() => resolve(undefined), timeout);
      socket.on('message', (bytes) => {
        clearTimeout(timer);
        resolve(bytes);
      });
      socket.on('error', reject);
      socket.send(octets, port, address);
    });
  } finally {
    socket.close();
  }
}

/** Asks a validating resolver, until it has started; the AD bit of its answer says whether it was validated. */
export async function askResolver(
  { address, port }: SocketAddress,
  qname: string,
  qtype: string,
): Promise<Message> {
  const query = encodeMessage(
    newMessage({
      id: 7,
      flags: { rd: true, ad: true },
      questions: [{ name: Name.parse(qname), type: typeCode(qtype)!, class: 1 }],
      edns: { udpSize: 1232, version: 0, do: true, options: [] },
    }),
  );
  const socket = createSocket('udp4');
  try {
    const reply = new Promise<Buffer>((resolve) => socket.once('message', (bytes: Buffer) => resolve(bytes)));
    for (let attempt = 0; attempt < 20; attempt++) {
      socket.send(query, port, address, () => undefined);
      const bytes = await Promise.race([reply, sleep(systemClock, 500)]);
      if (bytes) return decodeMessage(bytes);
    }
  } finally {
    socket.close();
  }
  throw new Error('the resolver does not answer');
}
