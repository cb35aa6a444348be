import { FakeClock } from '../../src/core/clock.ts';
import { type Random, randomInteger } from '../../src/core/random.ts';
import { decodeMessage } from '../../src/dns/message/message.ts';
import { answer, createAnswerContext, DEFERRED, MAX_MESSAGE } from '../../src/dns/server/answer.ts';
import { createClientAddress, setClientText } from '../../src/dns/server/client-address.ts';
import { createMessageBuffer } from '../../src/dns/server/message-buffer.ts';
import { createPinMemory, openPins } from '../../src/dns/server/pins.ts';
import type { Answer, Question } from '../../src/dns/server/questions.ts';
import { createRequests } from '../../src/dns/server/requests.ts';
import { LATER } from '../../src/dns/server/transport.ts';
import type { ZoneSet } from '../../src/dns/server/zone-set.ts';
import { FormErr } from '../../src/dns/wire/form-error.ts';
import { prescan, readUpdate, UpdateRefused } from '../../src/zones/updates/message.ts';
import { testZones } from '../kit/dns-case.ts';
import { SERVER_ZONE } from '../kit/server-zone.ts';
import { createMessages, type FuzzedMessage, fuzzKeys } from './messages.ts';

const zones = ['nsec.example', 'nsec3.example', 'unsigned.example'];
const labels =
  'www web * q wild dn long secure ent b nope walias a mail _tcp x dtarget insecure delegated big sub wsub'.split(
    ' ',
  );

/** Enough for a transfer of several messages. */
const bulk = Array.from({ length: 200 }, (_, i) => `bulk-${i} TXT "${'b'.repeat(200)}"\n`).join('');

/** What a run of the fuzzer met. */
export interface FuzzFigures {
  messages: number;
  replies: number;
  /** Replies that followed the first of a transfer. */
  further: number;
  later: number;
  /** First replies by RCODE (four bits). */
  rcodes: number[];
}

/** Feeds messages to the nameserver. @throws Error with what is wrong in its answer to one, and its octets */
export async function fuzzNameserver(
  random: Random,
  count: number,
  progress: (figures: FuzzFigures) => void = () => undefined,
): Promise<FuzzFigures> {
  const server = await createServer(random);
  const { known, keys } = fuzzKeys();
  server.setKeys(known);
  const next = createMessages(random, { zones, labels, keys });
  const framing = createFraming(random);
  for (let i = 0; i < count; i++) {
    const message = next();
    try {
      server.ask(message, randomInteger(random, 5) === 0 ? 'tcp' : 'udp');
      framing(message.octets);
      onlyFormErr(() => decodeMessage(message.octets));
    } catch (error) {
      throw new Error(`message ${i}: ${Buffer.from(message.octets).toString('hex')}`, { cause: error });
    }
    if (i % 100_000 === 99_999) progress(server.figures);
  }
  return server.figures;
}

async function createServer(random: Random) {
  const made = await Promise.all(
    (['nsec', 'nsec3', 'unsigned'] as const).map(async (denial) => {
      const text = SERVER_ZONE.replaceAll('example.com.', `${denial}.example.`) + bulk;
      return (await testZones([text], denial)).zones;
    }),
  );
  const clock = new FakeClock(0);
  const out = new Uint8Array(MAX_MESSAGE);
  const figures: FuzzFigures = {
    messages: 0,
    replies: 0,
    further: 0,
    later: 0,
    rcodes: Array<number>(16).fill(0),
  };
  const client = createClientAddress();
  setClientText(client, '192.0.2.1');
  const fail = (error: unknown): never => {
    throw error;
  };
  const servers = made.map((set) => serverOf(set));
  function serverOf(set: ZoneSet) {
    const requests = createRequests({
      zones: set,
      out,
      pins: openPins(createPinMemory()),
      questions: { ask: (question, then) => then(controlPlane(random, question)), answered: () => undefined },
      clock,
      onReleased: () => undefined,
    });
    const contexts = { udp: createAnswerContext('udp', fail), tcp: createAnswerContext('tcp', fail) };
    for (const context of Object.values(contexts)) Object.assign(context, { defers: true, client });
    return { set, requests, contexts };
  }
  const ask = ({ octets, now }: FuzzedMessage, transport: 'udp' | 'tcp'): void => {
    void clock.advance(Math.max(0, 1000 * now - clock.now()));
    const { set, requests, contexts } = servers[randomInteger(random, servers.length)]!;
    const context = contexts[transport];
    figures.messages++;
    let length = answer(octets, octets.length, set, out, context);
    if (length === DEFERRED) length = requests.answer(octets, octets.length, client, context);
    if (length === LATER) {
      figures.later++;
      length = -1;
      requests.takeLater()((later) => (length = later));
    }
    check(octets, out.subarray(0, Math.max(0, length)), length, transport);
    if (length > 0) {
      figures.replies++;
      figures.rcodes[out[3]! & 0x0f]!++;
    }
    const rest = requests.takeRest();
    for (let more = randomInteger(random, 4); rest && more > 0; more--) {
      const further = rest.next(out);
      if (further === 0) break;
      figures.further++;
      check(octets, out.subarray(0, further), further, transport);
    }
    rest?.close();
  };
  return {
    figures,
    ask,
    setKeys(keys: ReturnType<typeof fuzzKeys>['known']) {
      const policy = keys.map(({ name, algorithm, secret }) => ({
        name: name.toText(),
        algorithm,
        secret: Buffer.from(secret),
        zones: name.toText() === 'all.key' ? ('all' as const) : ['nsec3.example'],
      }));
      for (const { requests } of servers) requests.setPolicy({ keys: policy, addresses: [] });
    },
  };
}

/** RFC 1035 §4.1.1, RFC 6891 §6.2.5: what every reply must be. */
function check(query: Uint8Array, reply: Uint8Array, length: number, transport: 'udp' | 'tcp'): void {
  const isQuery = query.length >= 12 && (query[2]! & 0x80) === 0;
  if (isQuery !== length > 0) throw new Error(`a reply of ${length} octets`);
  if (!isQuery) return;
  const message = decodeMessage(reply);
  if (message.id !== ((query[0]! << 8) | query[1]!)) throw new Error('another id');
  if (!message.flags.qr || message.flags.ra || message.flags.ad) throw new Error('wrong flags');
  if (((query[2]! ^ reply[2]!) & 0x78) !== 0) throw new Error('another opcode');
  // An unsigned TSIG error has no room kept for it but its own.
  const most = transport === 'tcp' ? 0xffff : message.edns ? 1232 : 512;
  if (reply.length > most) throw new Error(`${reply.length} octets over ${transport}`);
  const [question] = message.questions;
  if (question && reply[12] !== query[12]) throw new Error('another question');
}

/** What the control plane does with an update before it looks at its zone: it may refuse it, and nothing else. */
function controlPlane(random: Random, question: Question): Answer {
  if (question.what !== 'update') return undefined;
  try {
    prescan(readUpdate(decodeMessage(question.message)));
    return randomInteger(random, 11);
  } catch (error) {
    if (error instanceof UpdateRefused) return error.rcode;
    if (error instanceof FormErr) return 1;
    throw error;
  }
}

/** RFC 1035 §4.2.2: messages come out of a stream as they went in, however it is cut. */
function createFraming(random: Random): (octets: Uint8Array) => void {
  const buffer = createMessageBuffer();
  let expected: Uint8Array[] = [];
  let stream: Buffer[] = [];
  return (octets) => {
    expected.push(octets);
    stream.push(Buffer.from([octets.length >>> 8, octets.length]), Buffer.from(octets));
    if (expected.length < 8) return;
    const all = Buffer.concat(stream);
    const found: Buffer[] = [];
    for (let at = 0; at < all.length;) {
      const end = Math.min(all.length, at + 1 + randomInteger(random, 200));
      buffer.add(Buffer.from(all.subarray(at, end)));
      for (let next = buffer.next(); next; next = buffer.next()) found.push(Buffer.from(next));
      if (random.float() < 0.5) buffer.compact();
      at = end;
    }
    if (found.length !== expected.length || found.some((each, i) => !each.equals(expected[i]!)))
      throw new Error('the stream gave other messages');
    expected = [];
    stream = [];
  };
}

function onlyFormErr(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof FormErr)) throw error;
  }
}
