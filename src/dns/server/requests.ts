import { clientNetwork } from '../../core/client-network.ts';
import { type Clock, epochSeconds } from '../../core/clock.ts';
import {
  checkRequest,
  createTsigSession,
  putUnsignedError,
  readTsig,
  type SignedBy,
  type TsigSession,
  tsigSize,
  unsignedErrorSize,
  withoutTsig,
} from '../message/tsig.ts';
import { CLASS_IN } from '../rr.ts';
import { Type } from '../type-codes.ts';
import { Rcode } from '../wire/codes.ts';
import { FormErr } from '../wire/form-error.ts';
import { Name } from '../wire/name.ts';
import { createReader, type ImageReader } from '../zone/image-reader.ts';
import { answer, type AnswerContext, isTransfer, type Refusal } from './answer.ts';
import { Ede } from './codes.ts';
import { noZone, unloadedZone } from './no-zone.ts';
import type { Pins } from './pins.ts';
import { createQuery, type Query, readQuery, resetQuery } from './query.ts';
import { createTransferMessages, type RecordSource, type TransferMessages } from './transfer-messages.ts';
import { nobody, type Permissions, permissionsOf, type TransferPolicy } from './transfer-policy.ts';
import { recordsOf, soaOf } from './transfer-zone.ts';
import type { Replies } from './transport.ts';
import type { ZoneSet } from './zone-set.ts';

/** Transfers of more than one message that one client may have under way at one worker. */
const TRANSFERS_PER_CLIENT = 8;

/** What `answer` defers: messages that are signed (RFC 8945), transfers (RFC 5936), and questions about zones that are withheld. */
export interface Requests {
  /** As `answer` does. When more messages follow the one in `out`, `takeRest` has them. */
  answer(query: Uint8Array, length: number, client: string, context: AnswerContext): number;
  takeRest(): Replies | undefined;
  setPolicy(policy: TransferPolicy): void;
  /** Ends what is under way. */
  endTransfers(): void;
}

export interface RequestOptions {
  zones: ZoneSet;
  out: Uint8Array;
  pins: Pins;
  clock: Clock;
  /** Told when a version that was kept is let go. */
  onReleased: () => void;
}

/** A request whose signature was checked, if it has one. */
interface Request {
  /** Without TSIG, with the id that the client knows it by. */
  message: Uint8Array;
  client: string;
  session: TsigSession | undefined;
  /** As it came. */
  signed: SignedBy | undefined;
}

export function createRequests({ zones, out, pins, clock, onReleased }: RequestOptions): Requests {
  let permissions: Permissions = permissionsOf(nobody);
  let rest: Replies | undefined;
  const counts = new Map<string, number>();
  const underWay = new Set<Replies>();
  const query = createQuery();
  const now = (): number => epochSeconds(clock);

  /** An answer of one message, made as for anybody, with room for the signature behind it. */
  const plain = (
    message: Uint8Array,
    context: AnswerContext,
    reserved: number,
    refusal?: Refusal,
  ): number => {
    Object.assign(context, { defers: false, reserved, refusal });
    const length = answer(message, message.length, zones, out, context);
    Object.assign(context, { defers: true, reserved: 0, refusal: undefined });
    return length;
  };
  const refuse = ({ message, session }: Request, context: AnswerContext, refusal: Refusal): number => {
    const length = plain(message, context, session ? tsigSize(session.key) : 0, refusal);
    return session ? session.sign(out, length, now()) : length;
  };
  /** RFC 8945 §5.2: NOTAUTH, with what is wrong in a TSIG that is signed where it can be. */
  const refuseSignature = (
    message: Uint8Array,
    signed: SignedBy,
    { error, session }: { error: number; session: TsigSession | undefined },
    context: AnswerContext,
  ): number => {
    const reserved = session ? tsigSize(session.key) : unsignedErrorSize(signed);
    const length = plain(message, context, reserved, { rcode: Rcode.NOTAUTH, ede: Ede.none });
    return session
      ? session.signError(out, length, signed, error, now())
      : putUnsignedError(out, length, signed, error, now());
  };
  const transfer = (request: Request, context: AnswerContext): number => {
    const found = findTransfer(request, query, zones, permissions, context.transport);
    if ('rcode' in found) return refuse(request, context, found);
    const messages = createTransferMessages(found.source, {
      head: new Uint8Array(request.message.subarray(0, query.questionEnd)),
      edns: query.edns,
      dnssecOk: query.dnssecOk,
      session: request.session,
    });
    const length = messages.next(out, now());
    if (!messages.done()) {
      const release = keep(found.zone, request.client);
      if (!release) {
        // What was written is for nobody, and signed as the first message. The client comes again.
        const { session, signed } = request;
        const anew = session && createTsigSession(session.key, signed!.mac);
        return refuse({ ...request, session: anew }, context, { rcode: Rcode.SERVFAIL, ede: Ede.notReady });
      }
      rest = repliesOf(messages, release);
    }
    Object.assign(context, { qtype: query.qtype, rcode: Rcode.NOERROR, truncated: false });
    return length;
  };
  /** Keeps a version for a client that has not too many already. */
  const keep = (zone: ImageReader, client: string): (() => void) | undefined => {
    const network = clientNetwork(client);
    const count = counts.get(network) ?? 0;
    const unpin = count < TRANSFERS_PER_CLIENT ? pins.take(zone.arena) : undefined;
    if (!unpin) return undefined;
    counts.set(network, count + 1);
    return () => {
      unpin();
      const left = counts.get(network)! - 1;
      if (left > 0) counts.set(network, left);
      else counts.delete(network);
      onReleased();
    };
  };
  const repliesOf = (messages: TransferMessages, release: () => void): Replies => {
    const replies: Replies = {
      next() {
        if (messages.done()) return 0;
        if (!underWay.has(replies)) throw new Error('the transfer was ended');
        const length = messages.next(out, now());
        if (messages.done()) replies.close();
        return length;
      },
      close() {
        if (underWay.delete(replies)) release();
      },
    };
    underWay.add(replies);
    return replies;
  };
  const checked = (request: Request, context: AnswerContext): number => {
    const { message, session } = request;
    resetQuery(query);
    readQuery(query, message, message.length);
    if (isTransfer(query.qtype)) return transfer(request, context);
    context.admitted = permissions.allows(request.client, session?.key, Name.fromWire(query.name.wire));
    const length = plain(message, context, session ? tsigSize(session.key) : 0);
    context.admitted = false;
    return session ? session.sign(out, length, now()) : length;
  };

  return {
    answer(bytes, length, client, context) {
      const message = bytes.subarray(0, length);
      try {
        const signed = readTsig(message);
        if (!signed) return checked({ message, client, session: undefined, signed }, context);
        const check = checkRequest(message, signed, permissions.key(signed.key), now());
        const unsigned = withoutTsig(message, signed);
        unsigned.set(message.subarray(0, 2));
        if (check.kind === 'invalid') return refuseSignature(unsigned, signed, check, context);
        return checked({ message: unsigned, client, session: check.session, signed }, context);
      } catch (error) {
        if (!(error instanceof FormErr)) context.onError(error);
        const rcode = error instanceof FormErr ? Rcode.FORMERR : Rcode.SERVFAIL;
        const unsigned = { message, client, session: undefined, signed: undefined };
        return refuse(unsigned, context, { rcode, ede: Ede.none });
      }
    },
    takeRest() {
      const taken = rest;
      rest = undefined;
      return taken;
    },
    setPolicy: (policy) => void (permissions = permissionsOf(policy)),
    endTransfers() {
      for (const replies of underWay) replies.close();
    },
  };
}

/** What a transfer is answered with: records of a version, or a refusal. */
function findTransfer(
  { client, session }: Request,
  query: Query,
  zones: ZoneSet,
  permissions: Permissions,
  transport: 'udp' | 'tcp',
): { zone: ImageReader; source: RecordSource } | Refusal {
  const name = Name.fromWire(query.name.wire);
  const isAllowed = query.qclass === CLASS_IN && permissions.allows(client, session?.key, name);
  if (!isAllowed) return { rcode: Rcode.REFUSED, ede: Ede.prohibited };
  // RFC 5936 §4.2: there is no AXFR over UDP.
  if (query.qtype === Type.AXFR && transport === 'udp')
    return { rcode: Rcode.REFUSED, ede: Ede.notSupported };
  zones.begin();
  const found = zones.find(query.name, query.name.labels);
  if (found === unloadedZone) return { rcode: Rcode.SERVFAIL, ede: Ede.notReady };
  if (found === noZone) return { rcode: Rcode.SERVFAIL, ede: Ede.invalidData };
  // RFC 5936 §2.2.1: a transfer is of a zone, not of a name in it.
  if (found?.originLabels !== query.name.labels) return { rcode: Rcode.NOTAUTH, ede: Ede.notAuthoritative };
  // The reader is used again for the next query.
  const zone = Object.assign(createReader(), found);
  // RFC 1995 §2: the SOA alone has a client come again over TCP, unless it has that version.
  return { zone, source: transport === 'udp' ? soaOf(zone) : recordsOf(zone) };
}
