import { randomInteger, seededRandom } from '../../src/core/random.ts';
import { encodeMessage, newMessage } from '../../src/dns/message/message.ts';
import { Type } from '../../src/dns/type-codes.ts';
import { Name } from '../../src/dns/wire/name.ts';

const QUESTIONS = 16_384;

/** Of five questions three are for data, and of ten three for names that do not exist. */
export function makeQuestions(origins: readonly string[]): Buffer {
  const random = seededRandom(9);
  const pick = <T>(list: readonly T[]): T => list[randomInteger(random, list.length)]!;
  const kinds = [
    { label: '', types: [Type.MX, Type.A, Type.TXT, Type.SOA, Type.NS] },
    { label: 'www.', types: [Type.A, Type.AAAA] },
    { label: 'mta-sts.', types: [Type.A] },
    { label: '_dmarc.', types: [Type.TXT] },
  ];
  const questions = Array.from({ length: QUESTIONS }, () => {
    const { label, types } =
      random.float() < 0.3
        ? { label: `${Buffer.from(random.bytes(5)).toString('hex')}.`, types: [Type.A] }
        : pick(kinds);
    const message = encodeMessage(
      newMessage({
        id: 0,
        questions: [{ name: Name.parse(`${label}${pick(origins)}`), type: pick(types), class: 1 }],
        edns: { udpSize: 1232, version: 0, do: true, options: [] },
      }),
    );
    return [Uint8Array.of(message.length >>> 8, message.length), message];
  });
  return Buffer.concat(questions.flat());
}
