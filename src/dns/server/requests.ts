import { clientNetwork } from '../../core/client-network.ts';
import { type Clock, epochSeconds } from '../../core/clock.ts';
import { decodeMessage, encodeMessage, type Message, newMessage } from '../message/message.ts';
import {
  checkRequest,
  createTsigSession,
  putUnsignedError,
  readTsig,
  type SignedBy,
  tsigErrorSize,
  type TsigSession,
  tsigSize,
  unsignedErrorSize,
  withoutTsig,
} from '../message/tsig.ts';
import { fromWire } from '../rdata/registry.ts';
import { soa } from '../rdata/soa.ts';
import { CLASS_IN } from '../rr.ts';
import { Type } from '../type-codes.ts';
import { Opcode, Rcode } from '../wire/codes.ts';
import { FormErr } from '../wire/form-error.ts';
import { Name } from '../wire/name.ts';
import { isLaterSerial } from '../wire/serial.ts';
import { createReader, type ImageReader } from '../zone/image-reader.ts';
import { answer, type AnswerContext, checkCookie, isTransfer, opcodeOf, type Refusal } from './answer.ts';
import { type ClientAddress, clientText, copyClientAddress } from './client-address.ts';
import { Ede } from './codes.ts';
import { CookieState } from './cookies.ts';
import { appendOpt, type ReadyOpt, readyOpt } from './edns.ts';
import { addressVerdict, putCutShort } from './limit-address.ts';
import { noZone, unloadedZone } from './no-zone.ts';
import type { Pins } from './pins.ts';
import type { Answer, Questions } from './questions.ts';
import { createQuery, type Query, readEdnsAlone, readQuery, resetQuery } from './query.ts';
import { ResponseKind, Verdict } from './rate-limit.ts';
import { createTransferMessages, type RecordSource, type TransferMessages } from './transfer-messages.ts';
import { nobody, type Permissions, permissionsOf, type TransferPolicy } from './transfer-policy.ts';
import { recordsOfDifference } from './transfer-difference.ts';
import { recordsOf, serialOf, soaOf } from './transfer-zone.ts';
import { LATER, type Later, type Replies } from './transport.ts';
import type { ZoneSet } from './zone-set.ts';

/** Of the last octet of the flags. */
const RCODE_BITS = 0x0f;
/** Transfers of more than one message that one client may have under way at one worker. */
const TRANSFERS_PER_CLIENT = 8;

/** What `answer` defers: messages that are signed (RFC 8945), transfers (RFC 5936), updates (RFC 2136), NOTIFY (RFC 1996), and questions about zones that are withheld. */
export interface Requests {
  /** As `answer` does. When more messages follow the one in `out`, `takeRest` has them. */
  answer(query: Uint8Array, length: number, client: ClientAddress, context: AnswerContext): number;
  takeRest(): Replies | undefined;
  /** The answer that comes later, when `answer` said so. */
  takeLater(): Later;
  setPolicy(policy: TransferPolicy): void;
  /** Ends what is under way. */
  endTransfers(): void;
}

export interface RequestOptions {
  zones: ZoneSet;
  out: Uint8Array;
  pins: Pins;
  questions: Questions;
  clock: Clock;
  /** Told when a version that was kept is let go. */
  onReleased: () => void;
}

/** A request whose signature was checked, if it has one. */
interface Request {
  /** Without TSIG, with the id that the client knows it by. */
  message: Uint8Array;
  client: ClientAddress;
  session: TsigSession | undefined;
  /** As it came. */
  signed: SignedBy | undefined;
}

export function createRequests(options: RequestOptions): Requests {
  const { zones, out, pins, questions, clock, onReleased } = options;
  let permissions: Permissions = permissionsOf(nobody);
  let rest: Replies | undefined;
  let later: Later | undefined;
  const counts = new Map<string, number>();
  const underWay = new Set<Replies>();
  const query = createQuery();
  const now = (): number => epochSeconds(clock);

  /** An answer of one message, made as for anybody, with room for the signature behind it. */
  const plain = (
    { message, client, session }: Pick<Request, 'message' | 'client' | 'session'>,
    context: AnswerContext,
    reserved: number,
    refusal?: Refusal,
  ): number => {
    Object.assign(context, { client, limits: !session, defers: false, reserved, refusal });
    const length = answer(message, message.length, zones, out, context);
    Object.assign(context, { limits: true, defers: true, reserved: 0, refusal: undefined });
    return length;
  };
  const refuse = (request: Request, context: AnswerContext, refusal: Refusal): number => {
    const { session } = request;
    const length = plain(request, context, session ? tsigSize(session.key) : 0, refusal);
    // RFC 5936 §2.2.1: of a transfer CD is not copied.
    if (isTransfer(context.qtype)) out[3]! &= RCODE_BITS;
    return session ? session.sign(out, length, now()) : length;
  };
  /** RFC 8945 §5.2: NOTAUTH, with what is wrong in a TSIG that is signed where it can be. */
  const refuseSignature = (
    request: Pick<Request, 'message' | 'client' | 'session'>,
    signed: SignedBy,
    { error, session }: { error: number; session: TsigSession | undefined },
    context: AnswerContext,
  ): number => {
    const reserved = session ? tsigErrorSize(session.key) : unsignedErrorSize(signed);
    const length = plain(request, context, reserved, { rcode: Rcode.NOTAUTH, ede: Ede.none });
    if (length === 0) return 0;
    return session
      ? session.signError(out, length, signed, error, now())
      : putUnsignedError(out, length, signed, error, now());
  };
  const transfer = (request: Request, context: AnswerContext): number => {
    const found = findTransfer(request, query, zones, permissions, context.transport);
    if ('rcode' in found) return refuse(request, context, found);
    const { message, client, session } = request;
    const limit = { kind: ResponseKind.answer, subject: found.zone.arena };
    context.limited = addressVerdict(context, client, limit, session !== undefined);
    if (context.limited === Verdict.drop) return 0;
    if (context.limited === Verdict.slip) {
      Object.assign(context, { qtype: query.qtype, rcode: Rcode.NOERROR, truncated: true });
      return putCutShort(out, message, query.questionEnd, optOf(request, context));
    }
    if (query.qtype !== Type.IXFR || context.transport === 'udp') return begin(request, context, found);
    const since = serialSince(request.message);
    // RFC 1995 §2: who has this version, or a later one, gets the SOA.
    if (!isLaterSerial(serialOf(found.zone), since))
      return begin(request, context, { ...found, source: soaOf(found.zone), kind: undefined });
    return difference(request, context, since);
  };
  /** RFC 1995 §4: what the control plane has, else the whole zone. */
  const difference = (request: Request, context: AnswerContext, since: number): number => {
    const kept = { ...request, message: new Uint8Array(request.message) };
    const zone = Name.fromWire(query.name.wire).wire;
    const answered = (octets: Answer): number => {
      readAgain(kept);
      if (octets instanceof Uint8Array) {
        const source = recordsOfDifference(octets);
        return begin(kept, context, { zone: undefined, source, kind: 'difference' });
      }
      const found = findTransfer(kept, query, zones, permissions, context.transport);
      return 'rcode' in found ? refuse(kept, context, found) : begin(kept, context, found);
    };
    later = (done) =>
      questions.ask({ what: 'difference', zone, since }, (octets) =>
        done(guarded(kept, context, () => answered(octets))),
      );
    return LATER;
  };
  const readAgain = ({ message }: Request): void => {
    resetQuery(query);
    const read = opcodeOf(message) === Opcode.QUERY ? readQuery : readEdnsAlone;
    read(query, message, message.length);
  };
  /** What answers the OPT of a request that was just read, where its reply is not one of `answer`. */
  const optOf = ({ message, client }: Request, context: AnswerContext): ReadyOpt | undefined => {
    const asked = { query, cookie: CookieState.none as CookieState, now: 0 };
    context.client = client;
    checkCookie(asked, message, context);
    context.cookie = asked.cookie;
    return readyOpt(asked, message, context);
  };
  const begin = (request: Request, context: AnswerContext, { zone, source, kind }: Transfer): number => {
    const messages = createTransferMessages(source, {
      head: new Uint8Array(request.message.subarray(0, query.questionEnd)),
      opt: optOf(request, context),
      session: request.session,
    });
    const length = messages.next(out, now());
    if (!messages.done()) {
      const release = keep(zone, clientText(request.client));
      if (!release) {
        // What was written is for nobody, and signed as the first message. The client comes again.
        return refuse(anew(request), context, { rcode: Rcode.SERVFAIL, ede: Ede.notReady });
      }
      rest = repliesOf(messages, release);
    }
    const { qtype } = query;
    Object.assign(context, { qtype, rcode: Rcode.NOERROR, truncated: false, transfer: kind });
    if (zone) context.zone = zone.number;
    return length;
  };
  /** Keeps a version, if one is needed, for a client that has not too many already. */
  const keep = (zone: ImageReader | undefined, client: string): (() => void) | undefined => {
    const network = clientNetwork(client);
    const count = counts.get(network) ?? 0;
    if (count >= TRANSFERS_PER_CLIENT) return undefined;
    const unpin = zone ? pins.take(zone.arena) : () => undefined;
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
      next(to) {
        if (messages.done()) return 0;
        if (!underWay.has(replies)) throw new Error('the transfer was ended');
        const length = messages.next(to, now());
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
  /** RFC 2136: the control plane makes it. Only who signs may ask for one (RFC 3007). */
  const update = (asked: Request, context: AnswerContext): number => {
    const request = { ...asked, message: withoutZ(asked.message) };
    const { session } = request;
    const client = clientText(request.client);
    const answered = (rcode: number): number => {
      const length = refuse(request, context, { rcode, ede: updateErrors.get(rcode) ?? Ede.none });
      // What the zone section has.
      context.qtype = Type.SOA;
      return length;
    };
    if (!session) return answered(Rcode.REFUSED);
    const { message } = request;
    later = (done) =>
      questions.ask({ what: 'update', message, key: session.key.name.toText(), client }, (rcode) =>
        done(guarded(request, context, () => answered(typeof rcode === 'number' ? rcode : Rcode.SERVFAIL))),
      );
    return LATER;
  };
  /** RFC 1996: the control plane has the zone refreshed, when it is one of a primary. From anybody else it is not even asked. */
  const notify = (request: Request, context: AnswerContext): number => {
    const { message: octets, session } = request;
    const client = clientText(request.client);
    if (!permissions.hears(client, session?.key))
      return refuse(request, context, { rcode: Rcode.REFUSED, ede: Ede.prohibited });
    const limit = { kind: ResponseKind.notify, subject: 0 };
    const verdict = addressVerdict(context, request.client, limit, session !== undefined);
    if (verdict !== Verdict.pass) {
      // RFC 1996 §3.6: a primary that gets no answer says it again.
      context.limited = Verdict.drop;
      return 0;
    }
    const message = decodeMessage(octets);
    const opt = optOf(request, context);
    const [asked] = message.questions;
    if (asked?.type !== Type.SOA || asked.class !== CLASS_IN)
      return refuse(request, context, { rcode: Rcode.FORMERR, ede: Ede.none });
    const answered = (rcode: number): number => {
      Object.assign(context, { qtype: Type.SOA, rcode, truncated: false });
      const reply = encodeMessage(replyTo(message, rcode));
      out.set(reply);
      const length = appendOpt(out, reply.length, opt, session ? tsigSize(session.key) : 0);
      return session ? session.sign(out, length, now()) : length;
    };
    const question = {
      ...{ what: 'notify' as const, zone: asked.name.canonical().wire, client },
      ...{ key: session?.key.name.toText(), serial: serialIn(message, asked.name) },
    };
    later = (done) =>
      questions.ask(question, (rcode) =>
        done(guarded(request, context, () => answered(typeof rcode === 'number' ? rcode : Rcode.SERVFAIL))),
      );
    return LATER;
  };
  const checked = (request: Request, context: AnswerContext): number => {
    const { message, session } = request;
    readAgain(request);
    // RFC 6891 §6.1.3: whatever is asked.
    if (query.version > 0) return refuse(request, context, { rcode: Rcode.BADVERS, ede: Ede.none });
    if (opcodeOf(message) === Opcode.UPDATE) return update(request, context);
    if (opcodeOf(message) === Opcode.NOTIFY) return notify(request, context);
    if (isTransfer(query.qtype))
      return context.transfers
        ? transfer(request, context)
        : refuse(request, context, { rcode: Rcode.REFUSED, ede: Ede.notSupported });
    context.admitted = permissions.allows(
      clientText(request.client),
      session?.key,
      Name.fromWire(query.name.wire),
    );
    const length = plain(request, context, session ? tsigSize(session.key) : 0);
    context.admitted = false;
    return session ? session.sign(out, length, now()) : length;
  };

  /** What goes wrong is answered, too. */
  const guarded = (request: Request, context: AnswerContext, work: () => number): number => {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof FormErr)) context.onError(error);
      const rcode = error instanceof FormErr ? Rcode.FORMERR : Rcode.SERVFAIL;
      return refuse(anew(request), context, { rcode, ede: Ede.none });
    }
  };

  return {
    answer(bytes, length, asking, context) {
      const message = bytes.subarray(0, length);
      const client = copyClientAddress(asking);
      const plainly = { message, client, session: undefined, signed: undefined };
      return guarded(plainly, context, () => {
        const signed = readTsig(message);
        if (!signed) return checked(plainly, context);
        const check = checkRequest(message, signed, permissions.key(signed.key), now());
        const unsigned = withoutTsig(message, signed);
        unsigned.set(message.subarray(0, 2));
        if (check.kind === 'invalid')
          return refuseSignature({ ...plainly, message: unsigned }, signed, check, context);
        const request = { message: unsigned, client, session: check.session, signed };
        // RFC 8945 §5.3.2: what goes wrong from here on is answered with a signature, too.
        return guarded(request, context, () => checked(request, context));
      });
    },
    takeLater() {
      const taken = later!;
      later = undefined;
      return taken;
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

/** A request that something was made for which is not sent: what is sent in its place is signed as the first message. */
function anew(request: Request): Request {
  const { session, signed } = request;
  return session ? { ...request, session: createTsigSession(session.key, signed!.mac) } : request;
}

/** RFC 2136 §2.2: where queries have flags an UPDATE has none, and what stands there is not looked at, nor sent back. */
function withoutZ(message: Uint8Array): Uint8Array {
  const copy = new Uint8Array(message);
  copy[2]! &= 0xf8;
  copy[3] = 0;
  return copy;
}

/** RFC 1996 §4.7: what is answered to a NOTIFY is its question. */
function replyTo({ id, opcode, questions }: Message, rcode: number): Message {
  const flags = { qr: true, aa: true };
  return newMessage({ id, opcode, rcode, flags, questions });
}

/** RFC 1996 §3.7: the SOA that a NOTIFY may have, which is a hint and no more. */
function serialIn({ answers }: Message, zone: Name): number | undefined {
  const found = answers.find(({ type, owner }) => type === Type.SOA && owner.equals(zone));
  return found && fromWire(soa, found.rdata).serial;
}

/** Why an update was refused (RFC 8914), as far as its RCODE says. */
const updateErrors = new Map<number, number>([
  [Rcode.REFUSED, Ede.prohibited],
  [Rcode.NOTAUTH, Ede.notAuthoritative],
]);

/** What a transfer is answered with. */
interface Transfer {
  /** The version that is read meanwhile; undefined: none. */
  zone: ImageReader | undefined;
  source: RecordSource;
  kind: AnswerContext['transfer'];
}

/** RFC 1995 §3: the SOA that the client has stands in the authority section. @throws FormErr */
function serialSince(message: Uint8Array): number {
  const { questions, authorities } = decodeMessage(message);
  const zone = questions[0]!.name;
  const found = authorities.find(({ type, owner }) => type === Type.SOA && owner.equals(zone));
  if (!found) throw new FormErr('IXFR without the SOA that the client has');
  return fromWire(soa, found.rdata).serial;
}

/** Records of a version, or a refusal. */
function findTransfer(
  { client, session }: Request,
  query: Query,
  zones: ZoneSet,
  permissions: Permissions,
  transport: 'udp' | 'tcp',
): (Transfer & { zone: ImageReader }) | Refusal {
  const name = Name.fromWire(query.name.wire);
  const isAllowed = query.qclass === CLASS_IN && permissions.allows(clientText(client), session?.key, name);
  if (!isAllowed) return { rcode: Rcode.REFUSED, ede: Ede.prohibited };
  // RFC 5936 §4.2: there is no AXFR over UDP.
  if (query.qtype === Type.AXFR && transport === 'udp')
    return { rcode: Rcode.REFUSED, ede: Ede.notSupported };
  zones.begin();
  zones.next();
  const found = zones.find(query.name, query.name.labels);
  if (found === unloadedZone) return { rcode: Rcode.SERVFAIL, ede: Ede.notReady };
  if (found === noZone) return { rcode: Rcode.SERVFAIL, ede: Ede.invalidData };
  // RFC 5936 §2.2.1: a transfer is of a zone, not of a name in it.
  if (found?.originLabels !== query.name.labels) return { rcode: Rcode.NOTAUTH, ede: Ede.notAuthoritative };
  // The reader is used again for the next query.
  const zone = Object.assign(createReader(), found);
  // RFC 1995 §2: the SOA alone has a client come again over TCP, unless it has that version.
  return transport === 'udp'
    ? { zone, source: soaOf(zone), kind: undefined }
    : { zone, source: recordsOf(zone), kind: 'whole' };
}
