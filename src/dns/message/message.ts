import type { ResourceRecord } from '../rr.ts';
import type { Edns } from './edns.ts';
import { noFlags, type Flags } from './header.ts';
import { Opcode, Rcode } from '../wire/codes.ts';
import type { Name } from '../wire/name.ts';

export { decodeMessage } from './decode-message.ts';
export { encodeMessage } from './encode-message.ts';

/** RFC 1035 §4.1.2 */
export interface Question {
  name: Name;
  type: number;
  class: number;
}

/** A record as messages carry it: with its class, which updates use for more than IN (RFC 2136 §2.4). */
export interface MessageRecord extends ResourceRecord {
  class: number;
}

/** A whole DNS message. https://www.rfc-editor.org/rfc/rfc1035#section-4.1 */
export interface Message {
  id: number;
  opcode: number;
  /** 12 bits, the extended part of EDNS included (RFC 6891 §6.1.3). */
  rcode: number;
  flags: Flags;
  questions: Question[];
  answers: MessageRecord[];
  authorities: MessageRecord[];
  /** Without OPT; a TSIG record is the last. */
  additionals: MessageRecord[];
  edns?: Edns;
}

/** A message of the given fields, and defaults for the others: a QUERY with NOERROR and nothing in it. */
export function newMessage(
  fields: Partial<Omit<Message, 'flags'>> & { id: number; flags?: Partial<Flags> },
): Message {
  return {
    opcode: Opcode.QUERY,
    rcode: Rcode.NOERROR,
    questions: [],
    answers: [],
    authorities: [],
    additionals: [],
    ...fields,
    flags: { ...noFlags, ...fields.flags },
  };
}
