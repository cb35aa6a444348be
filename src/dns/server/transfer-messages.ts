import { type TsigSession, tsigSize } from '../message/tsig.ts';
import { MAX_MESSAGE } from './answer.ts';
import { HeaderBit } from './codes.ts';
import { putReadyOpt, type ReadyOpt, readyOptSize } from './edns.ts';
import {
  createMark,
  createResponse,
  mark,
  type Response,
  rollBack,
  Section,
  startResponse,
} from './response.ts';

/**
 * From so many octets on a message of a transfer is whole: names further back are out of the reach of compression (RFC 1035 §4.1.4). One
 * record may be longer, and then has a message of its own.
 */
const FULL = 0x4000;

/** The records of a transfer, in their order. */
export interface RecordSource {
  /** Whether all of them are written. No accessor: V8 gives each object that has one a shape of its own, and looks that up for every record. */
  done(): boolean;
  /** A message begins: what was written before cannot be pointed to. */
  begin(): void;
  /** Writes the next record to the current section; false when it does not fit, and what it wrote is to be taken back. */
  put(response: Response): boolean;
}

/** What the messages of a reply have from its request. */
export interface TransferRequest {
  /** Header and question, with the id that the client knows it by. */
  head: Uint8Array;
  /** What answers the OPT of the request, if it has one. */
  opt: ReadyOpt | undefined;
  /** Signs every message of the reply. */
  session: TsigSession | undefined;
}

/** The messages of a reply to a transfer (RFC 5936 §2.2), one after the other. */
export interface TransferMessages {
  /** Whether there are no more. */
  done(): boolean;
  /** Writes the next message to `out`, of 65,535 octets; returns its length. `now` is in seconds since the epoch. */
  next(out: Uint8Array, now: number): number;
}

export function createTransferMessages(source: RecordSource, request: TransferRequest): TransferMessages {
  const { head, opt, session } = request;
  const response = createResponse();
  response.exact = true;
  const start = createMark();
  const signature = session ? tsigSize(session.key) : 0;

  const fill = (reserved: number): void => {
    response.limit = MAX_MESSAGE - reserved;
    if (!source.put(response)) throw new Error('a record of the zone does not fit into a message');
    response.limit = FULL - reserved;
    while (!source.done() && response.at < response.limit) {
      mark(response, start);
      if (source.put(response)) continue;
      rollBack(response, start);
      return;
    }
  };
  return {
    done: () => source.done(),
    next(out, now) {
      out.set(head);
      startResponse(response, out, head.length, MAX_MESSAGE);
      source.begin();
      fill(signature + readyOptSize(opt));
      // RFC 9103 §6.3.4: in every message, and not in the first alone (RFC 5936 §2.2.5).
      if (opt) putReadyOpt(response, opt, signature);
      // RFC 5936 §2.2.1: AA is set, RD as it came.
      out[2] = HeaderBit.qr | HeaderBit.aa | (head[2]! & HeaderBit.rd);
      out[3] = 0;
      putCount(out, 4, 1);
      putCount(out, 6, response.counts[Section.answer]!);
      putCount(out, 8, 0);
      putCount(out, 10, opt ? 1 : 0);
      return session ? session.sign(out, response.at, now) : response.at;
    },
  };
}

function putCount(out: Uint8Array, at: number, count: number): void {
  out[at] = count >>> 8;
  out[at + 1] = count;
}
