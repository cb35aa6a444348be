import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import {
  decodeMessage,
  encodeMessage,
  type Message,
  type MessageRecord,
  newMessage,
} from '../../src/dns/message/message.ts';
import { rdataFromText, typeCode } from '../../src/dns/rdata/registry.ts';
import { Name } from '../../src/dns/wire/name.ts';

/** What is done about a request: `write` sends a message, framed. */
export type Sends = (
  request: Message,
  write: (message: Uint8Array) => void,
  socket: Socket,
  octets: Uint8Array,
) => void;

/** A primary that sends what it is told to, over TCP: real ones are in test/interop. */
export interface ScriptedPrimary {
  port: number;
  sends: Sends;
  /** What was asked, one request for each connection. */
  readonly asked: Message[];
  readonly sockets: Socket[];
  close(): void;
}

export async function scriptedPrimary(sends: Sends, address = '127.0.0.1'): Promise<ScriptedPrimary> {
  const sockets: Socket[] = [];
  const asked: Message[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.once('data', (data: Buffer) => {
      const octets = data.subarray(2);
      const request = decodeMessage(octets);
      asked.push(request);
      made.sends(request, (message) => socket.write(framed(message)), socket, octets);
    });
  });
  server.listen(0, address);
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const made: ScriptedPrimary = {
    ...{ port, sends, asked, sockets },
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
  return made;
}

export function framed(message: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.of(message.length >> 8, message.length & 255), message]);
}

/** A message that answers a request, with these records. */
export function reply(
  request: Message,
  answers: MessageRecord[],
  changes: Partial<Message> = {},
): Uint8Array {
  const { id, questions } = request;
  return encodeMessage({
    ...newMessage({ id, flags: { qr: true, aa: true }, questions, answers }),
    ...changes,
  });
}

/** `record('a.example.com', 'A', '192.0.2.1')` */
export function record(owner: string, type: string, text: string, ttl = 60): MessageRecord {
  const code = typeCode(type)!;
  return { owner: Name.parse(owner), type: code, class: 1, ttl, rdata: rdataFromText(code, text) };
}

/** Messages with the given answers, one after the other. */
export const inMessages =
  (...all: MessageRecord[][]): Sends =>
  (request, write) => {
    for (const answers of all) write(reply(request, answers));
  };
