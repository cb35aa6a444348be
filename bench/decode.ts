import { Packet } from 'dns2';
import { systemClock } from '../src/core/clock.ts';
import { rdataFromText } from '../src/dns/rdata/registry.ts';
import { Type } from '../src/dns/type-codes.ts';
import { decodeMessage, encodeMessage, newMessage } from '../src/dns/message/message.ts';
import { Name } from '../src/dns/wire/name.ts';

export const name = 'decode: messages of twelve records, against dns2';

const COUNT = 20_000;

/** An answer with compressed names, as resolvers send them. */
function sample(): Buffer {
  const owner = Name.parse('mail.example.com');
  const record = (type: number, text: string) => ({
    owner,
    type,
    class: 1,
    ttl: 3600,
    rdata: rdataFromText(type, text),
  });
  const answers = Array.from({ length: 12 }, (_, i) =>
    i % 2 === 0 ? record(Type.A, `192.0.2.${i}`) : record(Type.MX, `${i} mx${i}.mail.example.com.`),
  );
  const questions = [{ name: owner, type: Type.A, class: 1 }];
  return Buffer.from(encodeMessage(newMessage({ id: 1, questions, answers })));
}

function rate(decode: (bytes: Buffer) => unknown, bytes: Buffer): number {
  const start = systemClock.monotonic();
  for (let i = 0; i < COUNT; i++) decode(bytes);
  return (COUNT / (systemClock.monotonic() - start)) * 1000;
}

/** Decodes the same message with both, in turn; prints the median ratio. */
export function run(): Promise<void> {
  const bytes = sample();
  const rounds = Array.from({ length: 5 }, () => {
    const [ours, theirs] = [rate(decodeMessage, bytes), rate((b) => Packet.parse(b), bytes)];
    return { ours, theirs, ratio: ours / theirs };
  });
  const { ours, theirs, ratio } = rounds.sort((a, b) => a.ratio - b.ratio)[2]!;
  console.log(`decode ${ours.toFixed(0)}/s; dns2 ${theirs.toFixed(0)}/s; ratio ${ratio.toFixed(1)}`);
  return Promise.resolve();
}

if (process.argv[1] === import.meta.filename) await run();
