import type { Clock } from '../../core/clock.ts';

/** What a worker asks the control plane. */
export type Question = DifferenceQuestion | UpdateQuestion | NotifyQuestion;

/** What leads to the newest version of a zone (RFC 1995). */
export interface DifferenceQuestion {
  what: 'difference';
  /** In wire form. */
  zone: Uint8Array;
  /** The serial that the client has. */
  since: number;
}

/** A dynamic update (RFC 2136). */
export interface UpdateQuestion {
  what: 'update';
  /** Without its signature, which was checked. */
  message: Uint8Array;
  /** The name of the key that it was signed with. */
  key: string;
  /** The address of who sent it. */
  client: string;
}

/** Somebody says that a zone has changed (RFC 1996). */
export interface NotifyQuestion {
  what: 'notify';
  /** In wire form. */
  zone: Uint8Array;
  /** The serial that it has now, if that is said. */
  serial: number | undefined;
  /** The name of the key that it was signed with, if it was. */
  key: string | undefined;
  /** The address of who sent it. */
  client: string;
}

/**
 * The octets of a difference (see `encodeDifference`), or the RCODE of an update or a NOTIFY; undefined where there is none, or nobody knows.
 */
export type Answer = Uint8Array | number | undefined;

/** Who answers workers: the control plane. Does not reject. */
export type AnswerQuestion = (question: Question) => Promise<Answer>;

/** Milliseconds that a worker waits for the control plane; then it does without. */
const PATIENCE = 10_000;
/** Questions of one worker that may wait at once; further ones get no answer. */
const MOST_WAITING = 256;

/** A worker's side. */
export interface Questions {
  /** `then` is called once, in a later turn. */
  ask(question: Question, then: (answer: Answer) => void): void;
  answered(id: number, answer: Answer): void;
}

export function createQuestions(send: (id: number, question: Question) => void, clock: Clock): Questions {
  const waiting = new Map<number, (answer: Answer) => void>();
  let lastId = 0;
  return {
    ask(question, then) {
      if (waiting.size >= MOST_WAITING) {
        clock.after(0, () => then(undefined));
        return;
      }
      const id = ++lastId;
      const timer = clock.after(PATIENCE, () => settle(undefined));
      const settle = (answer: Answer): void => {
        timer.cancel();
        if (waiting.delete(id)) then(answer);
      };
      waiting.set(id, settle);
      send(id, question);
    },
    answered: (id, answer) => waiting.get(id)?.(answer),
  };
}
