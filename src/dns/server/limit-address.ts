import type { AnswerContext } from './answer.ts';
import type { ClientAddress } from './client-address.ts';
import { HeaderBit } from './codes.ts';
import { appendOpt, type ReadyOpt } from './edns.ts';
import { type ResponseKind, Verdict } from './rate-limit.ts';
import { HEADER_SIZE } from './response.ts';

/**
 * What is done for an address and for no other. Over UDP it may be a lie, and then its owner would get what it never asked for, or whoever lies would keep
 * the control plane busy. Who signs is who it says.
 */
export function addressVerdict(
  { transport, features: { limiter, clock } }: AnswerContext,
  client: ClientAddress,
  { kind, subject }: { kind: ResponseKind; subject: number },
  isSigned: boolean,
): Verdict {
  if (!limiter || isSigned || transport === 'tcp' || client.size === 0) return Verdict.pass;
  return limiter.take(client, kind, subject, clock.now());
}

/** Writes the question alone, with TC, and the OPT that answers one (RFC 6891 §7): an honest client comes again over TCP. Returns its length. */
export function putCutShort(
  out: Uint8Array,
  message: Uint8Array,
  questionEnd: number,
  opt: ReadyOpt | undefined,
): number {
  out.set(message.subarray(0, questionEnd));
  out.fill(0, 2, HEADER_SIZE);
  out[2] = HeaderBit.qr | HeaderBit.tc | (message[2]! & HeaderBit.rd);
  out[5] = 1;
  return appendOpt(out, questionEnd, opt, 0);
}
