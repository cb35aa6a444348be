import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { sleep, systemClock } from '../../src/core/clock.ts';
import { decodeMessage, type Message, type MessageRecord } from '../../src/dns/message/message.ts';
import { printRdata, typeName } from '../../src/dns/rdata/registry.ts';
import type { SocketAddress } from '../../src/dns/server/transport.ts';
import { Type } from '../../src/dns/type-codes.ts';
import { Rcode, rcodeName } from '../../src/dns/wire/codes.ts';
import { type DnsCase, questionOf } from '../kit/dns-case.ts';

function line({ owner, ttl, type, rdata }: MessageRecord): string {
  return `${owner.toString()} ${ttl} ${typeName(type)} ${printRdata(type, rdata)}`.toLowerCase();
}

/**
 * What is compared of a response, a line for each fact: RCODE, AA and TC, the answer and the authority section as sets, and the glue of referrals.
 * Not compared, since the RFCs leave it open: the additional section of anything but a referral, and the case of names (RFC 4343 §4.1).
 */
export function essence(message: Message): Set<string> {
  const referral = !message.flags.aa && message.authorities.some(({ type }) => type === Type.NS);
  const glue = referral ? message.additionals : [];
  return new Set([
    `rcode ${rcodeName(message.rcode)}`,
    `aa ${message.flags.aa} tc ${message.flags.tc}`,
    ...message.answers.map((record) => `answer ${line(record)}`),
    ...message.authorities.map((record) => `authority ${line(record)}`),
    ...glue.map((record) => `glue ${line(record)}`),
  ]);
}

/** What only one of two responses says. */
export interface Difference {
  spec: DnsCase;
  ours: string[];
  theirs: string[];
}

/** undefined when they agree. */
export function differenceOf(spec: DnsCase, ours: Message, theirs: Message): Difference | undefined {
  const [we, they] = [essence(ours), essence(theirs)];
  const difference = { spec, ours: [...we.difference(they)], theirs: [...they.difference(we)] };
  return difference.ours.length + difference.theirs.length === 0 ? undefined : difference;
}

export function differenceText({ spec, ours, theirs }: Difference): string {
  const only = (who: string, facts: string[]): string[] => facts.map((fact) => `only ${who}: ${fact}`);
  return [`${spec.qname} ${spec.qtype} do=${spec.do!}`, ...only('we', ours), ...only('they', theirs)].join(
    '\n',
  );
}

/** Asks a server many questions, some at a time; again what gets no answer. The answers are in the order of the questions. */
export async function askAll(
  { address, port }: SocketAddress,
  specs: readonly DnsCase[],
): Promise<Message[]> {
  const answers = Array<Message | undefined>(specs.length);
  const sockets = await Promise.all(Array.from({ length: 16 }, openSocket));
  let next = 0;
  const askOn = async (socket: Socket): Promise<void> => {
    for (let i = next++; i < specs.length; i = next++) {
      for (let attempt = 0; !answers[i]; attempt++) {
        if (attempt === 40) throw new Error(`no answer to ${specs[i]!.qname}`);
        const query = Buffer.from(questionOf(specs[i]!));
        query.writeUInt16BE(i % 0x1_0000);
        socket.send(query, port, address);
        answers[i] = await answerOf(socket, i % 0x1_0000);
      }
    }
  };
  try {
    await Promise.all(sockets.map(askOn));
  } finally {
    for (const socket of sockets) socket.close();
  }
  return answers as Message[];
}

async function openSocket(): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

/** The answer with this id, if it comes within a moment. */
async function answerOf(socket: Socket, id: number): Promise<Message | undefined> {
  const { promise, resolve } = Promise.withResolvers<Message>();
  const take = (octets: Buffer): void => {
    if (octets.readUInt16BE() === id) resolve(decodeMessage(octets));
  };
  socket.on('message', take);
  const answer = await Promise.race([promise, sleep(systemClock, 1000).then(() => undefined)]);
  socket.off('message', take);
  return answer;
}

/** Resolves when a server answers for all zones: one that is still loading them says SERVFAIL or REFUSED. */
export async function whenServing(server: SocketAddress, origins: Iterable<string>): Promise<void> {
  const specs = Array.from(origins, (qname) => ({
    qname: `${qname}.`,
    qtype: 'SOA',
    do: true,
    udpSize: 4096,
  }));
  for (;;) {
    const answers = await askAll(server, specs);
    if (answers.every(({ rcode, flags }) => rcode === Rcode.NOERROR && flags.aa)) return;
    await sleep(systemClock, 100);
  }
}
