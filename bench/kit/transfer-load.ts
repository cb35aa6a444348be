import { createConnection } from 'node:net';
import { decodeMessage, encodeMessage, newMessage } from '../../src/dns/message/message.ts';
import { Type } from '../../src/dns/type-codes.ts';
import { Name } from '../../src/dns/wire/name.ts';

/*
 * A program that takes a zone by AXFR from a nameserver on loopback and does no more with it than look for its end, so that what is measured is the
 * server. Its task is the first argument; what came of it is printed as JSON.
 */

export interface TransferTask {
  port: number;
  zone: string;
}

export interface TransferFigures {
  octets: number;
  messages: number;
  records: number;
  seconds: number;
}

/** Octets behind the names in the rdata of a SOA: with its serial among them they end the first record and the last. */
const SOA_TAIL = 20;
const LENGTH = 2;

function run({ port, zone }: TransferTask): Promise<TransferFigures> {
  const began = performance.now();
  const figures = { octets: 0, messages: 0, records: 0, seconds: 0 };
  let tail: Buffer | undefined;
  let rest: Buffer = Buffer.alloc(0);
  const socket = createConnection({ host: '127.0.0.1', port }, () => socket.write(request(zone)));
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the connection was closed before the end of the zone')));
    socket.on('data', (chunk: Buffer) => {
      figures.octets += chunk.length;
      const octets = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      let at = 0;
      while (at + LENGTH <= octets.length) {
        const end = at + LENGTH + octets.readUInt16BE(at);
        if (end > octets.length) break;
        const message = octets.subarray(at + LENGTH, end);
        const isFirst = tail === undefined;
        tail ??= soaTail(message);
        figures.messages++;
        figures.records += message.readUInt16BE(6);
        at = end;
        if ((isFirst && message.readUInt16BE(6) === 1) || !message.subarray(-SOA_TAIL).equals(tail)) continue;
        resolve({ ...figures, seconds: (performance.now() - began) / 1000 });
        return void socket.destroy();
      }
      rest = Buffer.from(octets.subarray(at));
    });
  });
}

function request(zone: string): Buffer {
  const questions = [{ name: Name.parse(zone), type: Type.AXFR, class: 1 }];
  const message = encodeMessage(newMessage({ id: 1, questions }));
  return Buffer.concat([Uint8Array.of(message.length >>> 8, message.length), message]);
}

function soaTail(message: Uint8Array): Buffer {
  const [soa] = decodeMessage(message).answers;
  if (soa?.type !== Type.SOA) throw new Error(`no transfer: RCODE ${message[3]! & 0x0f}`);
  return Buffer.from(soa.rdata.subarray(-SOA_TAIL));
}

console.log(JSON.stringify(await run(JSON.parse(process.argv[2]!) as TransferTask)));
