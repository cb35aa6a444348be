import type { Clock } from '../../src/core/clock.ts';
import { createAnswerContext, MAX_MESSAGE } from '../../src/dns/server/answer.ts';
import { createClientAddress, setClientText } from '../../src/dns/server/client-address.ts';
import { noFeatures } from '../../src/dns/server/features.ts';
import { createPinMemory, openPins } from '../../src/dns/server/pins.ts';
import { type Answer, createQuestions, type Question } from '../../src/dns/server/questions.ts';
import { createRequests } from '../../src/dns/server/requests.ts';
import type { TransferPolicy } from '../../src/dns/server/transfer-policy.ts';
import { LATER } from '../../src/dns/server/transport.ts';
import type { ZoneImage } from '../../src/dns/zone/image.ts';
import { zoneSet } from './test-zone.ts';

/** What a worker answers to transfers, NOTIFY and all that is signed, without sockets. */
export interface TestRequests {
  /** All messages of the answer. */
  ask(octets: Uint8Array, how?: { transport?: 'udp' | 'tcp'; client?: string }): Uint8Array[];
  /** What the control plane was asked, and what it answers. */
  readonly asked: Question[];
  control: (question: Question) => Answer;
}

export function testRequests(
  images: Iterable<ZoneImage>,
  policy: TransferPolicy | undefined,
  clock: Clock,
): TestRequests {
  const out = new Uint8Array(MAX_MESSAGE);
  const asked: Question[] = [];
  const questions = createQuestions((id, question) => {
    asked.push(question);
    questions.answered(id, made.control(question));
  }, clock);
  const requests = createRequests({
    ...{ zones: zoneSet(images), out, pins: openPins(createPinMemory()), questions, clock },
    onReleased: () => undefined,
  });
  if (policy) requests.setPolicy(policy);
  const fail = (error: unknown): never => {
    throw error;
  };
  const made: TestRequests = {
    asked,
    control: () => undefined,
    ask(octets, { transport = 'tcp', client = '192.0.2.53' } = {}) {
      const context = createAnswerContext(transport, fail, { ...noFeatures, clock });
      const address = createClientAddress();
      setClientText(address, client);
      let length = requests.answer(octets, octets.length, address, context);
      if (length === LATER) requests.takeLater()((found) => (length = found));
      if (length <= 0) return [];
      const messages = [out.slice(0, length)];
      const rest = requests.takeRest();
      for (let next = rest?.next(out) ?? 0; next > 0; next = rest!.next(out))
        messages.push(out.slice(0, next));
      return messages;
    },
  };
  return made;
}
