import { readFileSync } from 'node:fs';
import { createClientAddress, setClientText } from '../../src/dns/server/client-address.ts';
import { BATCH, createDatagramBatch, nameAt } from '../../src/native/datagram-batch.ts';
import { sendAll } from '../../src/native/send-all.ts';
import { AF_INET, putSocketAddress } from '../../src/native/socket-address.ts';
import { bindSocketCalls, checked, MSG_DONTWAIT } from '../../src/native/socket-calls.ts';

/*
 * A program that asks a nameserver on loopback as much as it answers, or at a rate, by batched calls: dnsperf ends at some 90,000 questions a second.
 * Its task is the first argument; what came of it is printed as JSON.
 */

export interface LoadTask {
  port: number;
  /** File of messages, each behind its length (two octets). */
  questions: string;
  seconds: number;
  /** Questions that wait for their answers at most. */
  window: number;
  /** Questions a second; undefined: as many as are answered. */
  rate?: number | undefined;
}

export interface LoadResult {
  answered: number;
  lost: number;
  seconds: number;
  /** Octets of an answer, on average. */
  octets: number;
  /** Answers by RCODE. */
  rcodes: number[];
  /** Microseconds, of a load at a rate. */
  p50: number;
  p99: number;
}

const SOCK_DGRAM = 2;
/** Milliseconds without an answer, after which what waits is lost. */
const PATIENCE = 200;
const IDS = 0x1_0000;

function run({ port, questions, seconds, window, rate }: LoadTask): LoadResult {
  const calls = bindSocketCalls();
  const batch = createDatagramBatch();
  const messages = readMessages(questions);
  const fd = checked(calls.socket(AF_INET, SOCK_DGRAM, 0), 'socket');
  calls.setsockopt(fd, 1, 8, Uint32Array.of(8 << 20), 4);
  const server = createClientAddress();
  setClientText(server, '127.0.0.1');
  for (let i = 0; i < BATCH; i++)
    batch.setLengths(i, 0, putSocketAddress(batch.names, nameAt(i), server.octets, 4, port, 0));
  const pollfd = Buffer.alloc(8);
  pollfd.writeInt32LE(fd, 0);
  pollfd.writeInt16LE(1, 4);
  const sentAt = new Float64Array(IDS);
  const latencies: number[] = [];
  const rcodes = Array<number>(16).fill(0);
  let [sent, answered, lost, octets, waiting] = [0, 0, 0, 0, 0];
  const send = (count: number, now: number): void => {
    for (let i = 0; i < count; i++) {
      const message = messages[sent % messages.length]!;
      const room = batch.responses[i]!;
      room.set(message);
      room[0] = sent >>> 8;
      room[1] = sent;
      sentAt[sent % IDS] = now;
      sent++;
      batch.address(i, i, message.length);
    }
    lost += sendAll(calls, fd, batch.toSend, 0, count);
    waiting += count;
  };
  const receive = (now: number): number => {
    batch.prepare(0);
    const count = Math.max(0, calls.recvmmsg(fd, batch.received, BATCH, MSG_DONTWAIT, null));
    for (let i = 0; i < count; i++) {
      const answer = batch.queries[i]!;
      rcodes[answer[3]! & 0x0f]!++;
      octets += batch.lengthOf(i);
      if (rate !== undefined) latencies.push(now - sentAt[(answer[0]! << 8) | answer[1]!]!);
    }
    answered += count;
    waiting = Math.max(0, waiting - count);
    return count;
  };
  const began = performance.now();
  const end = began + 1000 * seconds;
  let lastAnswer = began;
  for (let now = began; now < end; now = performance.now()) {
    const due = rate === undefined ? window - waiting : Math.floor(((now - began) * rate) / 1000) - sent;
    if (due > 0) send(Math.min(due, BATCH), now);
    if (receive(rate === undefined ? now : performance.now()) > 0) lastAnswer = now;
    else if (rate === undefined && waiting >= window) calls.poll(pollfd, 1, 20);
    if (rate === undefined && now - lastAnswer > PATIENCE) {
      lost += waiting;
      waiting = 0;
      lastAnswer = now;
    }
  }
  const took = (performance.now() - began) / 1000;
  calls.close(fd);
  latencies.sort((a, b) => a - b);
  const quantile = (q: number): number => 1000 * (latencies[Math.floor(q * latencies.length)] ?? 0);
  if (rate !== undefined) lost = sent - answered;
  return {
    answered,
    lost,
    seconds: took,
    octets: octets / Math.max(1, answered),
    rcodes,
    p50: quantile(0.5),
    p99: quantile(0.99),
  };
}

function readMessages(file: string): Uint8Array[] {
  const octets = readFileSync(file);
  const messages: Uint8Array[] = [];
  for (let at = 0; at < octets.length; at += 2 + octets.readUInt16BE(at))
    messages.push(Uint8Array.from(octets.subarray(at + 2, at + 2 + octets.readUInt16BE(at))));
  return messages;
}

console.log(JSON.stringify(run(JSON.parse(process.argv[2]!) as LoadTask)));
